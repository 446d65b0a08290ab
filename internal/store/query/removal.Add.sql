INSERT INTO removal (brand, source, reason, posts, removed_at) VALUES (?, ?, ?, ?, ?)
