DELETE FROM rollup WHERE brand = ? AND day = ? AND author = ?
