SELECT ifnull(l.moved, t.account), t.folded, t.name
FROM tagged t
LEFT JOIN alias l ON l.brand = t.brand AND l.person = t.account
WHERE t.brand = ?
ORDER BY 1, 2
