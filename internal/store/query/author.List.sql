SELECT id, platform, key, person FROM author WHERE brand = ? ORDER BY id
