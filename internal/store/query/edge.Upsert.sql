INSERT OR FAIL INTO edge (brand, day, kind, source, target, weight)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, day, kind, source, target) DO UPDATE SET weight = weight + excluded.weight
