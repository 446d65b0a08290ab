DELETE FROM label WHERE brand = ?
