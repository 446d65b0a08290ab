SELECT count(*) FROM saved_view WHERE brand = ?1 AND shared = ?2 AND (?2 = 1 OR made_by = ?3)
