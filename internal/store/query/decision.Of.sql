SELECT author, automated, automated_by, automated_at, role, role_by, role_at
FROM decision
WHERE brand = ? AND author = ?
