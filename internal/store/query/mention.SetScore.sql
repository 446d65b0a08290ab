UPDATE mention SET sentiment = ?, copy = ? WHERE rowid = ?
