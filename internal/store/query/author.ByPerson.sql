SELECT id, platform, key FROM author INDEXED BY author_account
WHERE brand = ?1 AND account IN (
    SELECT ?2 WHERE NOT EXISTS (SELECT 1 FROM alias WHERE brand = ?1 AND person = ?2)
    UNION ALL SELECT person FROM alias WHERE brand = ?1 AND moved = ?2)
ORDER BY platform, key
