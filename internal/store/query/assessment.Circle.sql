SELECT ifnull(l.moved, a.account), s.said, d.author, d.automated, d.automated_by, d.automated_at, d.role, d.role_by, d.role_at
FROM author a
LEFT JOIN assessment s ON s.brand = a.brand AND s.author = a.id
LEFT JOIN decision d ON d.brand = a.brand AND d.author = a.id
LEFT JOIN alias l ON l.brand = a.brand AND l.person = a.account
WHERE a.brand = ? AND (d.role IS NOT NULL OR s.said LIKE '%"circle":%')
ORDER BY 1, a.id
