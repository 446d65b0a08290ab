SELECT /*mention.facts*/, /*mention.rest*/, /*mention.shown*/, l.labeled_by, l.labeled_at, l.marked_by, l.marked_at
FROM mention m INDEXED BY mention_author
/*mention.joins*/
JOIN author a ON a.brand = m.brand AND a.id = m.author
WHERE m.brand = ? AND m.author >= ?
ORDER BY m.author, m.text_hash, m.created_at, m.id
LIMIT ?
