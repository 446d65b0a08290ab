DELETE FROM observed WHERE brand = ?
