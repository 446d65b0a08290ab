INSERT INTO source (brand, name, collector, settings, enabled, monthly, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (name) DO UPDATE SET
    brand = excluded.brand,
    collector = excluded.collector,
    settings = excluded.settings,
    enabled = excluded.enabled,
    monthly = excluded.monthly
