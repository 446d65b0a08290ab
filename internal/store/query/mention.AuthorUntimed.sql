SELECT /*mention.facts*/
FROM mention m INDEXED BY mention_author
/*mention.joins*/
WHERE m.brand = ? AND m.author = ? AND m.created_at IS NULL
