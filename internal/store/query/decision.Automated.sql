INSERT INTO decision (brand, author, automated, automated_by, automated_at)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (brand, author) DO UPDATE SET
    automated = excluded.automated,
    automated_by = excluded.automated_by,
    automated_at = excluded.automated_at
