SELECT b.name, t.source, t.lease, t.lease_until
FROM standing t
JOIN brand b ON b.id = t.brand
WHERE t.resume_at <= ?1 AND t.lease = '' OR t.lease <> ''
ORDER BY t.brand, t.source
