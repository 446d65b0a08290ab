INSERT INTO learned (brand, kind, model, report, in_use, made_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, kind) DO UPDATE SET
    model = excluded.model, report = excluded.report, in_use = excluded.in_use, made_at = excluded.made_at
