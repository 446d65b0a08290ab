DELETE FROM notice WHERE brand = ? AND account = ?
