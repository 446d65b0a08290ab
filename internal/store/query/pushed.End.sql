UPDATE pushed
SET answer = ?1, at = ?2
WHERE brand = ?3 AND key = ?4 AND answer IS NULL
