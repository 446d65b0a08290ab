DELETE FROM alias WHERE brand = ?1 AND (person = ?2 OR moved = ?2)
