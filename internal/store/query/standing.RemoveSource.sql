DELETE FROM standing WHERE source = ?
