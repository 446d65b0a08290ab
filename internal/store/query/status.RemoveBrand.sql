DELETE FROM status WHERE brand = ?
