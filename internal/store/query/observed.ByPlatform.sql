SELECT t.platform, o.from_at,
    iif(t.succeeded_at - o.to_at BETWEEN 0 AND ?2
        AND NOT EXISTS (SELECT 1 FROM observed l WHERE l.brand = o.brand AND l.source = o.source AND l.from_at > o.from_at), t.succeeded_at, o.to_at)
FROM observed o
JOIN standing t ON t.brand = o.brand AND t.source = o.source
WHERE o.brand = ?1
ORDER BY t.platform, o.from_at, o.to_at
