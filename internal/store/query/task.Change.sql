UPDATE task SET text = ?3, due_at = ?4, assignee = ?5, done_at = ?6, done_by = ?7, done_name = ?8 WHERE brand = ?1 AND id = ?2
