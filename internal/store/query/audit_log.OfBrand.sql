SELECT /*audit_log.shown*/
WHERE a.brand = ?3 AND a.n < ?1
ORDER BY a.n DESC
LIMIT ?2
