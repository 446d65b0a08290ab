DELETE FROM mention WHERE brand = ?
