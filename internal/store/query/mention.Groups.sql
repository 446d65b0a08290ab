WITH k (author, hash) AS (VALUES (?, ?))
SELECT k.author, k.hash
FROM k
WHERE EXISTS (SELECT 1 FROM mention m INDEXED BY mention_author
              WHERE m.brand = ? AND m.author = k.author AND m.text_hash = k.hash)
