DELETE FROM retention WHERE brand = ?
