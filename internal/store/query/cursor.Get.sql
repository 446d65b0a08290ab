SELECT cursor FROM cursor WHERE brand = ? AND source = ?
