SELECT o.account, o.user, o.n, ifnull(nullif(u.name, ''), u.email)
FROM owner o
LEFT JOIN user u ON u.id = o.user
WHERE o.brand = ?1 AND o.account IN (SELECT value FROM json_each(?2))
ORDER BY o.n
