DELETE FROM segment WHERE brand = ?
