UPDATE mention SET author = ?, profile = ?, created_at = ?, text_hash = ? WHERE rowid = ?
