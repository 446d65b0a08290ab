SELECT t.platform, o.from_at, o.to_at
FROM observed o
JOIN standing t ON t.brand = o.brand AND t.source = o.source
WHERE o.brand = ?
ORDER BY t.platform, o.from_at, o.to_at
