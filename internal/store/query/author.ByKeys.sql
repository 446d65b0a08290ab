WITH k (account) AS (VALUES (?))
SELECT a.platform, a.key, a.id, p.n, p.handle, p.name, p.bio, p.url, p.verified, p.created_at
FROM k
CROSS JOIN author a INDEXED BY author_account ON a.brand = ? AND a.account = k.account
CROSS JOIN profile p ON p.brand = a.brand AND p.author = a.id
