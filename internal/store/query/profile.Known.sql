SELECT author, handle FROM profile WHERE brand = ? ORDER BY author, n
