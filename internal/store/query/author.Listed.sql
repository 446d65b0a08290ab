SELECT a.id, a.platform, a.key, ifnull(l.moved, a.account)
FROM author a
LEFT JOIN alias l ON l.brand = a.brand AND l.person = a.account
WHERE a.brand = ? AND a.id = ?
