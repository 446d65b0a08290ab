UPDATE brand SET data_version = ? WHERE id = ?
