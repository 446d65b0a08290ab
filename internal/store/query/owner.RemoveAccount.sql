DELETE FROM owner WHERE brand = ? AND account = ?
