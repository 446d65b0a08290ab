SELECT source, reason, posts, removed_at FROM removal WHERE brand = ? ORDER BY id DESC LIMIT ?
