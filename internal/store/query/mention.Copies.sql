SELECT m.rowid, m.author, m.text_hash, m.repost, m.created_at, m.id, m.copy
FROM mention m INDEXED BY mention_author
WHERE m.brand = ? AND m.author BETWEEN ? AND ?
ORDER BY m.author, m.text_hash, m.created_at, m.id
