SELECT /*note.columns*/
FROM note INDEXED BY note_account
WHERE brand = ?1 AND account IN (SELECT value FROM json_each(?2))
ORDER BY +id DESC
