INSERT INTO label (brand, platform, id, about, marked_by, marked_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, platform, id) DO UPDATE SET
    about = excluded.about, marked_by = excluded.marked_by, marked_at = excluded.marked_at
