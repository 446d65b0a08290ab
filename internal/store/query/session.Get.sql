SELECT data, expires_at FROM session WHERE token = ? AND expires_at > ?
