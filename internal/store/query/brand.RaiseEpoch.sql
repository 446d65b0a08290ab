UPDATE brand SET epoch = epoch + 1 WHERE id = ?
