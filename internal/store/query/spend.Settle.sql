UPDATE spend SET units = ?, micros = ?, settled = 1 WHERE id = ? AND settled = 0
