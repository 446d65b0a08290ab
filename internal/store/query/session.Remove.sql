DELETE FROM session WHERE token = ?
