DELETE FROM edge WHERE brand = ? AND day = ?
