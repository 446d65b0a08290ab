SELECT id FROM saved_view WHERE brand = ?1 AND folded = ?2 AND shared = ?3 AND (?3 = 1 OR made_by = ?4)
