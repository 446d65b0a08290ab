INSERT INTO workflow (brand, version, hidden) VALUES (?1, ?2, ?3 * ?2)
ON CONFLICT (brand) DO UPDATE SET version = excluded.version, hidden = iif(?3, excluded.version, hidden)
