UPDATE event INDEXED BY event_former SET former = NULL
WHERE brand = ?1 AND former IS NOT NULL AND batch IN (SELECT id FROM batch WHERE brand = ?1 AND made_at < ?2)
