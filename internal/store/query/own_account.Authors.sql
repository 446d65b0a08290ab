SELECT a.id
FROM own_account o
JOIN author a ON a.brand = o.brand AND a.key = o.key AND o.platform IN ('', a.platform)
WHERE o.brand = ?1 AND o.key <> ''
UNION
SELECT a.id
FROM own_account o
JOIN profile p ON p.brand = o.brand AND lower(p.handle) = o.handle
JOIN author a ON a.brand = p.brand AND a.id = p.author AND o.platform IN ('', a.platform)
WHERE o.brand = ?1 AND o.handle <> ''
ORDER BY 1
