SELECT a, b, accepted, basis, decided_by, decided_at FROM link WHERE brand = ? AND a = ? AND b = ?
