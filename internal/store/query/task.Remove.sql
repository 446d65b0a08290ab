DELETE FROM task WHERE brand = ? AND id = ?
