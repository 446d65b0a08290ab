UPDATE standing SET resume_at = ?1 WHERE brand = ?2 AND source = ?3 AND lease = '' AND resume_at <= ?4
