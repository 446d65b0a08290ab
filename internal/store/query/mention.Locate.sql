WITH RECURSIVE p (platform) AS (
    SELECT min(platform) FROM mention WHERE brand = ?1
    UNION ALL
    SELECT (SELECT min(platform) FROM mention WHERE brand = ?1 AND platform > p.platform) FROM p WHERE p.platform IS NOT NULL
)
SELECT p.platform FROM p
WHERE (?2 = '' OR p.platform = ?2) AND EXISTS (SELECT 1 FROM mention m WHERE m.brand = ?1 AND m.platform = p.platform AND m.id = ?3)
ORDER BY p.platform
