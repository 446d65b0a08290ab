INSERT INTO label (brand, platform, id, label, labeled_by, labeled_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, platform, id) DO UPDATE SET
    label = excluded.label, labeled_by = excluded.labeled_by, labeled_at = excluded.labeled_at
