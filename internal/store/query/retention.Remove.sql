DELETE FROM retention WHERE brand = ? AND platform = ?
