INSERT INTO assessed (brand, data_version, rules, standing)
VALUES (?, 0, 0, ?)
ON CONFLICT (brand) DO UPDATE SET standing = excluded.standing
