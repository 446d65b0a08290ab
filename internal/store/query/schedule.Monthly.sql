SELECT monthly FROM schedule WHERE brand = ?
