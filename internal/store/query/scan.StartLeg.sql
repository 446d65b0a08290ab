INSERT INTO scan (brand, kind, source, state, reason, rows, rejected, added, changed, repeated, started_at, whole)
VALUES (?, 'scan', ?, 'running', '', 0, 0, 0, 0, 0, ?, ?)
RETURNING id
