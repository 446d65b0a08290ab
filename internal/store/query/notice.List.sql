SELECT /*notice.account*/
WHERE a.brand = ?
ORDER BY a.id
