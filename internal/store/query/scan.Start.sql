INSERT INTO scan (brand, kind, source, state, reason, rows, rejected, added, changed, repeated, started_at, reader, sources, since_at)
VALUES (?, ?, ?, 'running', '', 0, 0, 0, 0, 0, ?, ?, ?, ?)
RETURNING id
