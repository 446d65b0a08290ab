INSERT INTO batch (brand, id, made_by, made_name, made_at) VALUES (?, ?, ?, ?, ?)
