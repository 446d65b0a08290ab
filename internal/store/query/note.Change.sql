UPDATE note SET text = ?3, changed_by = ?4, changed_name = ?5, changed_at = ?6 WHERE brand = ?1 AND id = ?2
