UPDATE scan
SET state = ?, reason = ?, rows = ?, rejected = ?, added = ?, changed = ?, repeated = ?, finished_at = ?
WHERE id = ?
