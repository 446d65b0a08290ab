WITH k (author, hash, at) AS (VALUES (?, ?, ?))
SELECT k.author, k.hash,
    (SELECT 2 * count(*) FILTER (WHERE m.created_at < k.at) + (count(*) > count(*) FILTER (WHERE m.created_at < k.at))
     FROM mention m INDEXED BY mention_author
     WHERE m.brand = ? AND m.author = k.author AND m.text_hash = k.hash)
FROM k
WHERE k.author IS NOT NULL
