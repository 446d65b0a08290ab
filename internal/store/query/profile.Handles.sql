SELECT handle FROM profile WHERE brand = ? AND author = ? ORDER BY n
