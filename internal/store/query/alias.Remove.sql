DELETE FROM alias WHERE brand = ? AND person = ?
