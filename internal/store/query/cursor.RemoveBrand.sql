DELETE FROM cursor WHERE brand = ?
