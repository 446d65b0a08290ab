WITH k (platform, key) AS (VALUES (?, ?))
SELECT a.platform, a.key, a.id, p.n, p.handle, p.name, p.bio, p.url, p.verified, p.created_at
FROM k
CROSS JOIN author a ON a.brand = ? AND a.platform = k.platform AND a.key = k.key
CROSS JOIN profile p ON p.brand = a.brand AND p.author = a.id
