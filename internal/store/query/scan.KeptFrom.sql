SELECT max(id)
FROM (
    SELECT id FROM (SELECT id FROM scan WHERE brand = ?1 AND source = '' AND started_at >= ?2 ORDER BY started_at, id LIMIT 1)
    UNION ALL
    SELECT id FROM (SELECT id FROM scan WHERE brand = ?1 AND source = '' ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?3 - 1)
)
