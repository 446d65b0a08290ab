SELECT n, weights, blend, reason, set_by, set_at
FROM ranking
WHERE brand = ?
ORDER BY n DESC
LIMIT ?
