SELECT r.author
FROM rollup r
JOIN author a ON a.brand = r.brand AND a.id = r.author
WHERE r.brand = ?1 AND r.day BETWEEN ?2 AND ?3 AND r.own > 0 AND a.platform = ?4
GROUP BY r.author
HAVING NOT EXISTS (
    SELECT 1
    FROM mention m INDEXED BY mention_author
    WHERE m.brand = ?1 AND m.author = r.author AND m.followers IS NOT NULL AND m.observed_at >= ?5
)
ORDER BY sum(r.own) DESC, a.account
LIMIT ?6
