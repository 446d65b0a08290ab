DELETE FROM event WHERE brand = ?
