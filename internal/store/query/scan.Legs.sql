SELECT id, source, state, reason, failure, fix, until_at, pages, rows, rejected, added, changed, repeated, gone, spent, started_at, finished_at,
    estimated_posts, estimated_micros, suppressed
FROM scan
WHERE brand = ? AND whole = ?
ORDER BY source, id
