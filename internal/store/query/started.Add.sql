INSERT INTO started (brand, spec, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
