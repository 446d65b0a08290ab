SELECT DISTINCT a.platform, p.handle
FROM own_account o
CROSS JOIN author a ON a.brand = o.brand AND a.key = o.key AND (o.platform = '' OR a.platform = o.platform)
CROSS JOIN profile p ON p.brand = a.brand AND p.author = a.id
WHERE o.brand = ? AND o.key <> '' AND p.handle <> ''
ORDER BY a.platform, p.handle
