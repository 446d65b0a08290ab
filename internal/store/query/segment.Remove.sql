DELETE FROM segment WHERE brand = ? AND folded = ?
