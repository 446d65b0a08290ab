SELECT min(first) FROM (
    SELECT min(created_at) / 86400 - (min(created_at) % 86400 < 0) AS first FROM mention INDEXED BY mention_time WHERE brand = ?1 AND created_at >= ?2
    UNION ALL SELECT min(day) FROM rollup WHERE brand = ?1 AND day > ?3
    UNION ALL SELECT min(day) FROM edge WHERE brand = ?1 AND day > ?3
)
