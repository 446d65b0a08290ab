INSERT INTO saved_view (brand, id, shared, made_by, made_name, folded, name, query, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
ON CONFLICT (brand, id) DO UPDATE SET shared = excluded.shared, folded = excluded.folded, name = excluded.name, query = excluded.query, updated_at = excluded.updated_at
