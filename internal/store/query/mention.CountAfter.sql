SELECT (SELECT count(*) FROM mention INDEXED BY mention_time WHERE brand = ?1 AND created_at > ?2)
     - (SELECT count(*) FROM label l
        CROSS JOIN mention m ON m.brand = l.brand AND m.platform = l.platform AND m.id = l.id
        WHERE l.brand = ?1 AND l.hash IS NOT NULL AND m.created_at > ?2)
