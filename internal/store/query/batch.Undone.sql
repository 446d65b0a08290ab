UPDATE batch SET undone_at = ?3 WHERE brand = ?1 AND id = ?2
