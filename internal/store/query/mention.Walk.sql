SELECT /*mention.facts*/, /*mention.rest*/, /*mention.shown*/, l.labeled_by, l.labeled_at, l.marked_by, l.marked_at
FROM mention m
/*mention.joins*/
JOIN author a ON a.brand = m.brand AND a.id = m.author
WHERE m.brand = ?1 AND (m.platform, m.id) > (?2, ?3)
ORDER BY m.platform, m.id
LIMIT ?4
