UPDATE scan
SET pages = ?, rows = ?, rejected = ?, added = added + ?, changed = changed + ?, repeated = repeated + ?, suppressed = suppressed + ?
WHERE id = ? AND state = 'running'
