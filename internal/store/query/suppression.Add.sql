INSERT INTO suppression (entry, at, applied) VALUES (?, ?, ?)
ON CONFLICT (entry) DO UPDATE SET applied = min(applied, excluded.applied)
