SELECT created_at, text_hash, text
FROM mention INDEXED BY mention_author
WHERE brand = ? AND author = ? AND text_hash <> 0
ORDER BY text_hash, created_at, id
