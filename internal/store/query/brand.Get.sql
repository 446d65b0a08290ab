SELECT id, name, query, demo, created_at, data_version, epoch, learned, rescored, mark FROM brand WHERE folded = ?
