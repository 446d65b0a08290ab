SELECT made_by, made_name, made_at, undone_at FROM batch WHERE brand = ? AND id = ?
