INSERT INTO charged (source, day, unit, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
