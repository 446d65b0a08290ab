DELETE FROM note WHERE brand = ?
