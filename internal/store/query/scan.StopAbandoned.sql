UPDATE scan
SET state = 'stopped', reason = ?1, finished_at = ?2
WHERE brand = ?3 AND whole IS NULL AND kind = 'scan' AND source = '' AND state = 'running' AND id <> ?4 AND started_at <= ?5
    AND NOT EXISTS (
        SELECT 1 FROM standing t
        WHERE t.brand = scan.brand AND t.lease_until > ?2 AND t.lease LIKE '%/' || scan.id
    )
