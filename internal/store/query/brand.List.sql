SELECT id, name, query, demo, created_at, data_version, epoch FROM brand ORDER BY folded
