SELECT answer, body = ?3
FROM pushed
WHERE brand = ?1 AND key = ?2
