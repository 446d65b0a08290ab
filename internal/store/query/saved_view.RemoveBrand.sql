DELETE FROM saved_view WHERE brand = ?
