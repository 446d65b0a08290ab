PRAGMA secure_delete(1)
