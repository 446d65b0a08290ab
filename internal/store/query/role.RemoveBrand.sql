DELETE FROM role WHERE brand = ?
