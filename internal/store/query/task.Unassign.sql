UPDATE task SET assignee = NULL WHERE brand = ? AND id = ?
