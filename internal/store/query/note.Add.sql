INSERT INTO note (brand, id, account, text, made_by, made_name, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)
