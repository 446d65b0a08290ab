SELECT estimated_at
FROM scan
WHERE brand = ? AND source = ? AND estimated_at IS NOT NULL
ORDER BY started_at DESC, id DESC
LIMIT 1
