SELECT author, text_hash, created_at
FROM mention INDEXED BY mention_author
WHERE brand = ? AND author BETWEEN ? AND ? AND text_hash <> 0
ORDER BY author, text_hash, created_at
