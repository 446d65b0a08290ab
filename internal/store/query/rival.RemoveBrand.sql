DELETE FROM rival WHERE brand = ?1 OR rival = ?1
