SELECT b, accepted FROM link WHERE brand = ?1 AND a = ?2
UNION ALL
SELECT a, accepted FROM link INDEXED BY link_b WHERE brand = ?1 AND b = ?2
ORDER BY 1
