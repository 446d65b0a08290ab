DELETE FROM link WHERE brand = ?
