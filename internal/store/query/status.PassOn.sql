INSERT INTO status (brand, account, status, reason, text, n)
SELECT brand, ?3, status, reason, text, n FROM status WHERE brand = ?1 AND account = ?2
ON CONFLICT (brand, account) DO UPDATE SET status = excluded.status, reason = excluded.reason, text = excluded.text, n = excluded.n
WHERE excluded.n > status.n
