DELETE FROM author WHERE brand = ?
