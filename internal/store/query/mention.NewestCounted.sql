SELECT m.created_at FROM mention m INDEXED BY mention_time
WHERE m.brand = ? AND m.created_at <= ?
    AND NOT EXISTS (SELECT 1 FROM label l
                    WHERE l.brand = m.brand AND l.platform = m.platform AND l.id = m.id AND l.hash IS NOT NULL)
ORDER BY m.created_at DESC
LIMIT 1
