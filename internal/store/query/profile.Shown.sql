SELECT a.id, a.account, a.platform, a.key, p.n, p.handle, p.name, p.bio, p.url, p.verified, p.created_at
FROM author a
CROSS JOIN profile p ON p.brand = a.brand AND p.author = a.id
WHERE a.brand = ?
ORDER BY a.id, p.n
