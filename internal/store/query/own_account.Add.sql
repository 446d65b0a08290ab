INSERT INTO own_account (brand, platform, handle, key) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING
