UPDATE mention SET copy = ? WHERE rowid = ?
