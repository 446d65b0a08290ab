INSERT OR FAIL INTO profile (brand, author, n, handle, name, bio, url, verified, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
