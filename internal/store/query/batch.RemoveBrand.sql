DELETE FROM batch WHERE brand = ?
