UPDATE scan
SET state = ?, reason = ?, rows = ?, rejected = ?, added = ?, changed = ?, repeated = ?, suppressed = ?, finished_at = ?
WHERE id = ?
