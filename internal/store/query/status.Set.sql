INSERT INTO status (brand, account, status, reason, text, n) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, account) DO UPDATE SET status = excluded.status, reason = excluded.reason, text = excluded.text, n = excluded.n
