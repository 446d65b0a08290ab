DELETE FROM scan WHERE brand = ?
