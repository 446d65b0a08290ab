DELETE FROM standing WHERE brand = ?
