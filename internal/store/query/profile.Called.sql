SELECT DISTINCT ifnull(l.moved, a.account)
FROM profile p
JOIN author a ON a.brand = p.brand AND a.id = p.author
LEFT JOIN alias l ON l.brand = a.brand AND l.person = a.account
WHERE p.brand = ?1 AND (lower(p.handle) = ?2 OR a.key = ?2) AND (?3 = '' OR a.platform = ?3)
ORDER BY 1
LIMIT 2
