DELETE FROM alias WHERE brand = ?
