SELECT informed_at, channel
FROM notice
WHERE brand = ?1 AND account IN (SELECT value FROM json_each(?2))
ORDER BY informed_at
LIMIT 1
