SELECT /*mention.facts*/, /*mention.rest*/
FROM mention m
/*mention.joins*/
WHERE m.brand = ? AND m.platform = ? AND m.id = ?
