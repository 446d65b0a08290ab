INSERT INTO observed (brand, source, from_at, to_at) VALUES (?, ?, ?, ?)
