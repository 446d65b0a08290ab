SELECT count(*) FROM mention INDEXED BY mention_time WHERE brand = ?
