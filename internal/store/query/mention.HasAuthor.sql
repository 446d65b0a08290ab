SELECT EXISTS (SELECT 1 FROM mention INDEXED BY mention_author WHERE brand = ? AND author = ?)
