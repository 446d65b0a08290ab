SELECT s.id, b.name, s.reader, s.sources, s.since_at
FROM scan s
JOIN brand b ON b.id = s.brand
WHERE s.state = 'running' AND s.kind = 'scan' AND s.source = '' AND s.whole IS NULL AND (?1 IS NULL OR s.brand = ?1)
ORDER BY s.id DESC
