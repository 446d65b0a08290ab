INSERT INTO decision (brand, author, role, role_by, role_at)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, author) DO UPDATE SET
    role = excluded.role,
    role_by = excluded.role_by,
    role_at = excluded.role_at
