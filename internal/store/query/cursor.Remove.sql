DELETE FROM cursor WHERE brand = ? AND source = ?
