UPDATE brand SET name = ?, query = ?, demo = ? WHERE id = ?
