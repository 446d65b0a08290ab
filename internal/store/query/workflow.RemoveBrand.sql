DELETE FROM workflow WHERE brand = ?
