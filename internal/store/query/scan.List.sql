SELECT id, brand, kind, source, state, reason, rows, rejected, added, changed, repeated, started_at, finished_at, suppressed
FROM scan
WHERE brand = ?
ORDER BY id DESC
LIMIT ?
