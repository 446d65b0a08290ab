DELETE FROM link WHERE brand = ? AND a = ? AND b = ?
