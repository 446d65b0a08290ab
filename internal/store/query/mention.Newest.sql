SELECT created_at FROM mention INDEXED BY mention_time
WHERE brand = ? AND created_at <= ?
ORDER BY created_at DESC
LIMIT 1
