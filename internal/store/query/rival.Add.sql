INSERT INTO rival (brand, rival) VALUES (?, ?)
ON CONFLICT DO NOTHING
