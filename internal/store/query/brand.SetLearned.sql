UPDATE brand SET learned = ? WHERE id = ?
