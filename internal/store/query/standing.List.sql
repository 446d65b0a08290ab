SELECT t.source, t.lease, t.lease_until, t.resume_at, t.succeeded_at, t.found_at, t.failing_since,
    s.state, v.reason, v.failure, v.fix, v.until_at, v.finished_at
FROM standing t
LEFT JOIN scan s ON s.id = t.scan
LEFT JOIN scan v ON v.id = (
    SELECT l.id
    FROM scan l
    WHERE l.brand = t.brand AND l.source = t.source AND l.whole IS NOT NULL
        AND (l.state IN ('done', 'paused', 'failed') OR l.id = t.scan AND l.state = 'stopped' AND t.failing_since IS NULL)
    ORDER BY l.started_at DESC, l.id DESC
    LIMIT 1
)
WHERE t.brand = ? AND (t.scan <> 0 OR t.lease <> '') -- not those that were switched off
ORDER BY t.source
