SELECT version, hidden FROM workflow WHERE brand = ?
