INSERT INTO link (brand, a, b, accepted, basis, decided_by, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, a, b) DO UPDATE SET
    accepted = excluded.accepted, basis = excluded.basis,
    decided_by = excluded.decided_by, decided_at = excluded.decided_at
