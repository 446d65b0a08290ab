SELECT author, n, handle, name FROM profile WHERE brand = ? ORDER BY author, n
