DELETE FROM mention WHERE rowid = ?
