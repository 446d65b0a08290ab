DELETE FROM note WHERE brand = ? AND account = ?
