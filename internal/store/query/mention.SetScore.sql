UPDATE mention SET sentiment = ?, tone = ?, copy = ? WHERE rowid = ?
