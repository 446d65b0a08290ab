SELECT b.name, s.spec, s.zone, s.monthly, s.next_at, s.run
FROM schedule s
JOIN brand b ON b.id = s.brand
WHERE ?1 IS NULL OR s.next_at <= ?1
ORDER BY s.next_at, s.brand
