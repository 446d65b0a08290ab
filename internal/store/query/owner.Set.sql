INSERT INTO owner (brand, account, user, n) VALUES (?, ?, ?, ?)
ON CONFLICT (brand, account) DO UPDATE SET user = excluded.user, n = excluded.n
