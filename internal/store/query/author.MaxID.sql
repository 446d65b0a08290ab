SELECT ifnull(max(id), 0) FROM author WHERE brand = ?
