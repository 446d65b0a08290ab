DELETE FROM tagged WHERE brand = ?
