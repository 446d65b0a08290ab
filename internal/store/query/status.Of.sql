SELECT s.account, s.status, s.reason, s.text, s.n, e.at, e.actor, e.name
FROM status s
LEFT JOIN event e ON e.brand = s.brand AND e.account = s.account AND e.n = s.n
WHERE s.brand = ?1 AND s.account IN (SELECT value FROM json_each(?2))
ORDER BY s.n
