DELETE FROM alarm WHERE brand = ?
