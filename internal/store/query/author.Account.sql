SELECT account FROM author WHERE brand = ? AND id = ?
