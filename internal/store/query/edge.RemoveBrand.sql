DELETE FROM edge WHERE brand = ?
