SELECT day, kind, source, target, weight
FROM edge
WHERE brand = ? AND day = ? AND kind IN (0, 1, 2, 3) AND source = ?
ORDER BY kind, target
