INSERT INTO owner (brand, account, user, n)
SELECT brand, ?3, user, n FROM owner WHERE brand = ?1 AND account = ?2
ON CONFLICT (brand, account) DO UPDATE SET user = excluded.user, n = excluded.n
WHERE excluded.n > owner.n
