WITH k (platform, id) AS (VALUES (?, ?))
SELECT /*mention.facts*/, /*mention.rest*/
FROM k
CROSS JOIN mention m ON m.brand = ? AND m.platform = k.platform AND m.id = k.id
/*mention.joins*/
