DELETE FROM event WHERE brand = ? AND account = ?
