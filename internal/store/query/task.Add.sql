INSERT INTO task (brand, id, account, text, due_at, assignee, made_by, made_name, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
