DELETE FROM owner WHERE brand = ?
