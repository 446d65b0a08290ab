SELECT account, folded, name, n
FROM tagged
WHERE brand = ?1 AND account IN (SELECT value FROM json_each(?2))
ORDER BY +folded, +account
