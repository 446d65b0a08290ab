DELETE FROM observed WHERE brand = ? AND source = ? AND from_at = ?
