DELETE FROM label WHERE brand = ? AND platform = ? AND id = ? AND label IS NULL AND about IS NULL AND ruled = 0
