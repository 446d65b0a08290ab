SELECT source, target, sum(weight)
FROM edge
WHERE brand = ? AND kind = 1
GROUP BY source, target
