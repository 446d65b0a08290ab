INSERT INTO ranking (brand, n, weights, blend, reason, set_by, set_at)
VALUES (?1, (SELECT coalesce(max(n), 0) + 1 FROM ranking WHERE brand = ?1), ?2, ?3, ?4, ?5, ?6)
