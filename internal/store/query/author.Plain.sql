SELECT id, platform, key, account FROM author WHERE brand = ? ORDER BY id
