SELECT min(t.name), count(DISTINCT ifnull(l.moved, t.account))
FROM tagged t
LEFT JOIN alias l ON l.brand = t.brand AND l.person = t.account
WHERE t.brand = ?
GROUP BY t.folded
ORDER BY t.folded
