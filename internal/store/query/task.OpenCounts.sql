SELECT ifnull(l.moved, t.account), count(*)
FROM task t
LEFT JOIN alias l ON l.brand = t.brand AND l.person = t.account
WHERE t.brand = ? AND t.done_at IS NULL
GROUP BY 1
ORDER BY 1
