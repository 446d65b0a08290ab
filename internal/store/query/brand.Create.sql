INSERT INTO brand (name, folded, query, demo, created_at, data_version, mark) VALUES (?, ?, ?, ?, ?, ?, random())
