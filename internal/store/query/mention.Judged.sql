SELECT /*mention.facts*/, /*mention.rest*/, /*mention.shown*/, l.labeled_by, l.labeled_at, l.marked_by, l.marked_at
FROM mention m
/*mention.joins*/
JOIN author a ON a.brand = m.brand AND a.id = m.author
WHERE m.brand = ? AND m.platform = ? AND m.id = ?
