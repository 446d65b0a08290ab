DELETE FROM pushed
WHERE at < ?
