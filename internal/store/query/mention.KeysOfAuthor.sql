SELECT platform, id FROM mention INDEXED BY mention_author WHERE brand = ? AND author = ? LIMIT ?
