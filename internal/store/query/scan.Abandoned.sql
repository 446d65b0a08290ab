UPDATE scan
SET state = 'stopped', reason = ?, finished_at = ?,
    spent = (SELECT coalesce(sum(micros), 0) FROM spend WHERE spend.scan = scan.id)
WHERE brand = ? AND source = ? AND kind = 'scan' AND state = 'running'
