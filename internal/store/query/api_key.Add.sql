INSERT INTO api_key (id, name, hash, brand, role, made_by, made_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
