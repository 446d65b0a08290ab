SELECT /*mention.facts*/, /*mention.rest*/, /*mention.shown*/
FROM mention m INDEXED BY mention_author
/*mention.joins*/
JOIN author a ON a.brand = m.brand AND a.id = m.author
WHERE m.brand = ? AND m.author = ? AND m.repost = 0 AND m.created_at IS NOT NULL AND coalesce(l.about, 1 - l.ruled, 1) = 1
ORDER BY m.created_at DESC, m.id DESC
LIMIT 1
