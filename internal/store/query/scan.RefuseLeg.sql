INSERT INTO scan (brand, kind, source, state, reason, failure, fix, until_at, rows, rejected, added, changed, repeated, started_at, finished_at, whole)
VALUES (?1, 'scan', ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, 0, 0, ?8, ?8, ?9)
