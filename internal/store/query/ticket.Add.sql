INSERT INTO ticket (hash, kind, user, roles, email, made_by, made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
