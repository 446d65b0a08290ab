DELETE FROM link WHERE brand = ?1 AND (a = ?2 OR b = ?2)
