DELETE FROM schedule WHERE brand = ?
