SELECT 1 FROM mention INDEXED BY mention_time WHERE brand = ? LIMIT 1
