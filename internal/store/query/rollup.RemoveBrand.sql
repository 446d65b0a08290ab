DELETE FROM rollup WHERE brand = ?
