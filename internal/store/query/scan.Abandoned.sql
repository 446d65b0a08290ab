UPDATE scan
SET state = 'stopped', reason = ?, finished_at = ?
WHERE brand = ? AND source = ? AND kind = 'scan' AND state = 'running'
