UPDATE spend SET brand = 0 WHERE brand = ?
