DELETE FROM started
WHERE brand = ?1 AND run NOT IN (SELECT run FROM started WHERE brand = ?1 ORDER BY run DESC LIMIT 1000)
