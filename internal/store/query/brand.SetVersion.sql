UPDATE brand SET data_version = ?, mark = random() WHERE id = ?
