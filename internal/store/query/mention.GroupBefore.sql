SELECT m.copy
FROM mention m INDEXED BY mention_author
WHERE m.brand = ? AND m.author = ? AND m.text_hash = ? AND m.created_at < ?
ORDER BY m.created_at DESC, m.copy DESC
LIMIT 1
