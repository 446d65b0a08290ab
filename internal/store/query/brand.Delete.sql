DELETE FROM brand WHERE id = ?
