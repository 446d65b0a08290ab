INSERT INTO label (brand, platform, id, ruled, hash) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, platform, id) DO UPDATE SET ruled = excluded.ruled, hash = excluded.hash
