DELETE FROM label WHERE brand = ? AND platform = ? AND id = ?
