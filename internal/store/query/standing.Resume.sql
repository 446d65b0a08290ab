SELECT b.name, t.source, t.lease, t.lease_until, w.since_at, t.brand
FROM standing t
JOIN brand b ON b.id = t.brand
LEFT JOIN scan l ON l.id = t.scan
LEFT JOIN scan w ON w.id = l.whole
WHERE t.resume_at <= ?1 AND t.lease = '' OR t.lease <> ''
ORDER BY t.brand, w.since_at, t.source
