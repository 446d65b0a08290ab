SELECT cursor, told, added, changed, repeated FROM cursor WHERE brand = ? AND source = ?
