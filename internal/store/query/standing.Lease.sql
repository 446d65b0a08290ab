SELECT lease FROM standing WHERE brand = ? AND source = ?
