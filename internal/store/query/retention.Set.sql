INSERT INTO retention (brand, platform, days, set_by, set_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, platform) DO UPDATE SET days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at
