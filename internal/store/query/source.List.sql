SELECT s.name, s.collector, coalesce(b.name, ''), s.settings, s.enabled, s.monthly
FROM source s
LEFT JOIN brand b ON b.id = s.brand
ORDER BY s.name
