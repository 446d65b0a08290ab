SELECT m.followers, m.following, p.handle, p.name, p.bio, p.url, p.verified, p.created_at
FROM mention m INDEXED BY mention_author
CROSS JOIN profile p ON p.brand = m.brand AND p.author = m.author AND p.n = m.profile
WHERE m.brand = ? AND m.author = ?
ORDER BY m.created_at DESC, m.id DESC
LIMIT 1
