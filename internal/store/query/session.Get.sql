SELECT data FROM session WHERE token = ? AND expires_at > ?
