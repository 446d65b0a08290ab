UPDATE task SET account = ?3 WHERE brand = ?1 AND account = ?2
