SELECT id, state, reason, started_at, finished_at, sources, since_at
FROM scan
WHERE brand = ?1 AND kind = 'scan' AND source = '' AND (?2 IS NULL OR id = ?2)
ORDER BY id DESC
LIMIT ?3
