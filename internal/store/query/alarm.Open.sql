SELECT a.id, b.name, a.source, a.kind, a.reason, a.fix, a.since, a.announced_at, a.over_at, a.recovered_at
FROM alarm a
JOIN brand b ON b.id = a.brand
WHERE a.recovered_at IS NULL
ORDER BY a.id
