INSERT INTO sweep (brand, source, after, started_at, ended_at, job)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (brand, source) DO UPDATE SET
    after = excluded.after,
    started_at = excluded.started_at,
    ended_at = excluded.ended_at,
    job = excluded.job
