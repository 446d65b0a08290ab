DELETE FROM task WHERE brand = ? AND account = ?
