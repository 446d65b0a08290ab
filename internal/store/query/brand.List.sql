SELECT id, name, query, demo, created_at, data_version, epoch, learned, rescored FROM brand ORDER BY folded
