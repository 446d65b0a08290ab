SELECT author, n, handle, name, bio, url, verified, created_at
FROM profile
WHERE brand = ? AND author BETWEEN ? AND ?
ORDER BY author, n
