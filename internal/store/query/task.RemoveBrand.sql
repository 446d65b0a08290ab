DELETE FROM task WHERE brand = ?
