SELECT b.name, t.source
FROM standing t
JOIN brand b ON b.id = t.brand
WHERE t.resume_at <= ?1 AND t.lease = '' OR t.lease <> '' AND t.lease_until <= ?1
ORDER BY t.brand, t.source
