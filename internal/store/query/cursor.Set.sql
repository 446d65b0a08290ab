INSERT INTO cursor (brand, source, cursor, told, added, changed, repeated, suppressed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9)
ON CONFLICT (brand, source) DO UPDATE SET
    cursor = excluded.cursor,
    told = excluded.told,
    added = iif(?8, 0, added) + excluded.added,
    changed = iif(?8, 0, changed) + excluded.changed,
    repeated = iif(?8, 0, repeated) + excluded.repeated,
    suppressed = iif(?8, 0, suppressed) + excluded.suppressed
