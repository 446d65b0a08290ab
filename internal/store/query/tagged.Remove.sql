DELETE FROM tagged WHERE brand = ? AND account = ? AND folded = ?
