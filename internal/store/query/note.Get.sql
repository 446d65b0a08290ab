SELECT /*note.columns*/
FROM note
WHERE brand = ?1 AND id = ?3 AND account IN (SELECT value FROM json_each(?2))
