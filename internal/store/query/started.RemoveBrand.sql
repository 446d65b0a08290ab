DELETE FROM started WHERE brand = ?
