INSERT INTO tagged (brand, account, folded, name, n) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, account, folded) DO UPDATE SET n = excluded.n
