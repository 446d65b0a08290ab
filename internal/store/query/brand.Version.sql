SELECT data_version FROM brand WHERE id = ?
