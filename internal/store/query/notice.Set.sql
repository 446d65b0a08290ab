INSERT INTO notice (brand, account, informed_at, channel, informed_by) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, account) DO UPDATE SET informed_at = excluded.informed_at, channel = excluded.channel, informed_by = excluded.informed_by
