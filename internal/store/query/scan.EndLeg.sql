UPDATE scan
SET state = ?, reason = ?, failure = ?, fix = ?, until_at = ?, gone = ?, finished_at = ?,
    spent = (SELECT coalesce(sum(micros), 0) FROM spend WHERE spend.scan = ?8)
WHERE id = ?8 AND state = 'running'
