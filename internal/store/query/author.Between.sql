SELECT id, platform, key, account FROM author WHERE brand = ? AND id BETWEEN ? AND ? ORDER BY id
