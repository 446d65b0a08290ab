SELECT ifnull(l.moved, a.account), min(a.platform || ':' || ifnull(nullif(p.handle, ''), a.key))
FROM profile p
JOIN author a ON a.brand = p.brand AND a.id = p.author
LEFT JOIN alias l ON l.brand = a.brand AND l.person = a.account
WHERE p.brand = ?1 AND (lower(p.handle) = ?2 OR a.key = ?2) AND (?3 = '' OR a.platform = ?3)
GROUP BY 1
ORDER BY 1
