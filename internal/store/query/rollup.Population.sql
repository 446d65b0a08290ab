SELECT count(DISTINCT author), coalesce(sum(own), 0)
FROM rollup
WHERE brand = ? AND day BETWEEN ? AND ? AND own > 0
