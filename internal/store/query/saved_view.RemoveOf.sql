DELETE FROM saved_view WHERE made_by = ? AND shared = 0
