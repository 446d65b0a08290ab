SELECT ifnull(l.moved, s.account), s.status, s.n, e.at
FROM status s
LEFT JOIN alias l ON l.brand = s.brand AND l.person = s.account
LEFT JOIN event e ON e.brand = s.brand AND e.account = s.account AND e.n = s.n
WHERE s.brand = ?
ORDER BY s.n
