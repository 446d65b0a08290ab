SELECT id FROM mention WHERE brand = ? AND platform = ? AND id > ? ORDER BY id LIMIT ?
