UPDATE ticket SET roles = ? WHERE hash = ?
