INSERT INTO assessed (brand, data_version, rules, standing)
VALUES (?, ?, ?, 0)
ON CONFLICT (brand) DO UPDATE SET data_version = excluded.data_version, rules = excluded.rules
