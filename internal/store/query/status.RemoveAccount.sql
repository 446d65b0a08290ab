DELETE FROM status WHERE brand = ? AND account = ?
