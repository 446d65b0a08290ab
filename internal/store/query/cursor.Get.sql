SELECT cursor, told, added, changed, repeated, suppressed FROM cursor WHERE brand = ? AND source = ?
