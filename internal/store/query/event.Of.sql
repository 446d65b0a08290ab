SELECT n, at, actor, name, kind, item, was, now, batch, undo
FROM event
WHERE brand = ?1 AND account IN (SELECT value FROM json_each(?2)) AND n < ?3
    AND NOT (kind = 'identity' AND item < account AND item IN (SELECT value FROM json_each(?2)))
ORDER BY n DESC
LIMIT ?4
