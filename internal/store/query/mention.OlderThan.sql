SELECT id FROM (
    SELECT id FROM mention INDEXED BY mention_time WHERE brand = ?1 AND created_at < ?3 AND platform = ?2
    UNION ALL
    SELECT id FROM mention INDEXED BY mention_time WHERE brand = ?1 AND created_at IS NULL AND observed_at < ?3 AND platform = ?2)
LIMIT ?4
