SELECT day, kind, source, target, weight
FROM edge
WHERE brand = ? AND day BETWEEN ? AND ?
ORDER BY day, kind, source, target
