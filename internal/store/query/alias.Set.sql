INSERT INTO alias (brand, person, moved) VALUES (?, ?, ?)
ON CONFLICT (brand, person) DO UPDATE SET moved = excluded.moved
