DELETE FROM profile WHERE brand = ? AND author = ?
