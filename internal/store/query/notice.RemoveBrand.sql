DELETE FROM notice WHERE brand = ?
