UPDATE event SET was = iif(was IS NULL, NULL, '{"value":""}'), now = iif(now IS NULL, NULL, '{"value":""}')
WHERE brand = ?1 AND kind = ?2 AND item = ?3
