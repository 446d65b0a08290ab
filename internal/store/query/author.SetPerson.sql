UPDATE author SET person = ? WHERE brand = ? AND person = ?
