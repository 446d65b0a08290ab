INSERT INTO schedule (brand, spec, zone, monthly, next_at, run)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (brand) DO UPDATE SET
    spec = excluded.spec,
    zone = excluded.zone,
    monthly = excluded.monthly,
    next_at = excluded.next_at,
    run = excluded.run
