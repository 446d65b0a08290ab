SELECT name, expression, created_at, updated_at
FROM segment
WHERE brand = ?
ORDER BY folded
