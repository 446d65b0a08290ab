SELECT a, b, accepted, basis, decided_by, decided_at FROM link WHERE brand = ? ORDER BY a, b
