DELETE FROM learned WHERE brand = ?
