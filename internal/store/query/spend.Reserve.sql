INSERT INTO spend (brand, source, unit, scan, day, units, micros, settled)
VALUES (?, ?, ?, ?, ?, ?, ?, 0)
RETURNING id
