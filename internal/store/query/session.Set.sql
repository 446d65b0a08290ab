INSERT INTO session (token, data, expires_at) VALUES (?, ?, ?)
ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at
