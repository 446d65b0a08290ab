SELECT coalesce(sum(iif(day < ?2, micros, 0)), 0), coalesce(sum(iif(day >= ?2, micros, 0)), 0)
FROM spend
WHERE brand = ?1 AND day >= ?3 AND day <= ?4
