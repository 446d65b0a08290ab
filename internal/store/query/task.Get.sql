SELECT /*task.columns*/
WHERE t.brand = ?1 AND t.id = ?3 AND t.account IN (SELECT value FROM json_each(?2))
