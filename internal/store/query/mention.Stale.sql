SELECT id FROM mention WHERE brand = ? AND platform = ? AND observed_at < ? ORDER BY id LIMIT ?
