SELECT from_at, to_at FROM observed
WHERE brand = ? AND source = ? AND from_at <= ? AND to_at >= ?
ORDER BY from_at
