DELETE FROM rollup WHERE brand = ? AND day = ?
