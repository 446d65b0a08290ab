UPDATE scan
SET pages = ?, rows = ?, rejected = ?, added = added + ?, changed = changed + ?, repeated = repeated + ?
WHERE id = ? AND state = 'running'
