UPDATE brand SET rescored = ? WHERE id = ?
