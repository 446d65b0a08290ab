SELECT ifnull(l.moved, o.account), o.user, o.n, ifnull(nullif(u.name, ''), u.email)
FROM owner o
LEFT JOIN alias l ON l.brand = o.brand AND l.person = o.account
LEFT JOIN user u ON u.id = o.user
WHERE o.brand = ?
ORDER BY o.n
