SELECT n, handle, name FROM profile WHERE brand = ? AND author = ? ORDER BY n
