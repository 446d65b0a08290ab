SELECT max(e.n)
FROM event e
LEFT JOIN batch b ON b.brand = e.brand AND b.id = e.batch
WHERE e.brand = ?1 AND e.account IN (SELECT value FROM json_each(?2)) AND e.kind = 'tag' AND e.item = ?3 AND e.undo = 0 AND b.undone_at IS NULL
