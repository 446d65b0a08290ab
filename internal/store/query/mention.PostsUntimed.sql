SELECT /*mention.facts*/, /*mention.rest*/, /*mention.shown*/
FROM mention m INDEXED BY mention_time
/*mention.joins*/
JOIN author a ON a.brand = m.brand AND a.id = m.author
WHERE m.brand = ? AND m.created_at IS NULL
ORDER BY m.platform, m.id
