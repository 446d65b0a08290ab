SELECT a.account, a.platform, a.key, ifnull(l.moved, a.account), a.stored_at, n.informed_at, n.channel, n.informed_by,
    (SELECT handle FROM profile p WHERE p.brand = a.brand AND p.author = a.id ORDER BY n DESC LIMIT 1)
FROM author a
LEFT JOIN alias l ON l.brand = a.brand AND l.person = a.account
LEFT JOIN notice n ON n.brand = a.brand AND n.account = a.account
WHERE a.brand = ?
ORDER BY a.id
