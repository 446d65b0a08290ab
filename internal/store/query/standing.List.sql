SELECT t.source, t.lease, t.lease_until, t.resume_at, t.succeeded_at, t.found_at, t.failing_since,
    s.state, s.reason, s.failure, s.fix, s.until_at, s.finished_at
FROM standing t
LEFT JOIN scan s ON s.id = t.scan
WHERE t.brand = ?
ORDER BY t.source
