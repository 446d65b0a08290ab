DELETE FROM removal WHERE brand = ?
