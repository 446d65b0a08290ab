DELETE FROM profile WHERE brand = ? AND author = ? AND n = ?
