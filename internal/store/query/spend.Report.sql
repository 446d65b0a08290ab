SELECT source, unit, sum(units), sum(micros)
FROM spend
WHERE brand = ? AND day >= ? AND day <= ?
GROUP BY source, unit
ORDER BY source, unit
