UPDATE session SET expires_at = ? WHERE token = ? AND expires_at > ?
