SELECT /*mention.facts*/
FROM mention m INDEXED BY mention_author
/*mention.joins*/
WHERE m.brand = ? AND m.author = ? AND m.text_hash = ? AND m.created_at IS NULL
ORDER BY m.id
