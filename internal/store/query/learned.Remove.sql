DELETE FROM learned WHERE brand = ? AND kind = ?
