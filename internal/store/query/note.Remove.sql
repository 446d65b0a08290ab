DELETE FROM note WHERE brand = ? AND id = ?
