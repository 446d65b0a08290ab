DELETE FROM decision WHERE brand = ? AND author = ?
