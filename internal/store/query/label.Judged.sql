SELECT /*mention.facts*/, /*mention.rest*/, /*mention.shown*/, l.labeled_by, l.labeled_at, l.marked_by, l.marked_at
FROM label l
CROSS JOIN mention m ON m.brand = l.brand AND m.platform = l.platform AND m.id = l.id
CROSS JOIN profile p ON p.brand = m.brand AND p.author = m.author AND p.n = m.profile
JOIN author a ON a.brand = m.brand AND a.id = m.author
WHERE l.brand = ? AND (l.label IS NOT NULL OR l.about IS NOT NULL)
ORDER BY l.platform, l.id
