SELECT account, n, kind, item, was, now, former
FROM event INDEXED BY event_batch
WHERE brand = ? AND batch = ? AND undo = 0
ORDER BY account, n DESC
