WITH k (author, hash, at) AS (VALUES (?, ?, ?))
SELECT k.author, k.hash,
    (SELECT count(*) FROM mention m INDEXED BY mention_author
     WHERE m.brand = ? AND m.author = k.author AND m.text_hash = k.hash AND m.created_at < k.at),
    EXISTS (SELECT 1 FROM mention m INDEXED BY mention_author
            WHERE m.brand = ? AND m.author = k.author AND m.text_hash = k.hash AND m.created_at >= k.at)
    OR EXISTS (SELECT 1 FROM mention m INDEXED BY mention_author
               WHERE m.brand = ? AND m.author = k.author AND m.text_hash = k.hash AND m.created_at IS NULL)
FROM k
WHERE k.author IS NOT NULL
