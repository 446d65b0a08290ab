INSERT INTO segment (brand, folded, name, expression, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
ON CONFLICT (brand, folded) DO UPDATE SET name = excluded.name, expression = excluded.expression, updated_at = excluded.updated_at
