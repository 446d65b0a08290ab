UPDATE mention SET text_hash = ? WHERE rowid = ?
