DELETE FROM ranking WHERE brand = ?
