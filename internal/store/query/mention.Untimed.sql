SELECT /*mention.facts*/
FROM mention m INDEXED BY mention_time
/*mention.joins*/
WHERE m.brand = ? AND m.created_at IS NULL
