DELETE FROM ticket WHERE user = ?1 OR made_by = ?1
