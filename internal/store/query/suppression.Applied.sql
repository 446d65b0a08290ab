UPDATE suppression SET applied = 1 WHERE applied = 0 AND entry = ?
