INSERT INTO scan (brand, kind, source, state, reason, rows, rejected, added, changed, repeated, started_at, reader)
VALUES (?, ?, ?, 'running', '', 0, 0, 0, 0, 0, ?, ?)
RETURNING id
