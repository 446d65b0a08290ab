SELECT /*audit_log.shown*/
WHERE a.n < ?1
ORDER BY a.n DESC
LIMIT ?2
