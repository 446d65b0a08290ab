SELECT name, expression, created_at, updated_at
FROM segment
WHERE brand = ? AND folded = ?
