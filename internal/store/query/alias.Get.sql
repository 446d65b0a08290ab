SELECT moved FROM alias WHERE brand = ? AND person = ?
