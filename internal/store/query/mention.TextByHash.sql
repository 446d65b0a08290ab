SELECT text
FROM mention INDEXED BY mention_author
WHERE brand = ? AND author = ? AND text_hash = ?
LIMIT 1
