INSERT INTO cursor (brand, source, cursor) VALUES (?, ?, ?)
ON CONFLICT (brand, source) DO UPDATE SET cursor = excluded.cursor
