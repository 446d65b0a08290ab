DELETE FROM rival WHERE brand = ?
