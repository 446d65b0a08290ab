DELETE FROM decision WHERE brand = ?
