DELETE FROM author WHERE brand = ? AND id = ?
