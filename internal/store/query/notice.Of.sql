SELECT /*notice.account*/
WHERE a.brand = ?1 AND a.id IN (SELECT value FROM json_each(?2))
ORDER BY a.id
