SELECT data FROM sqlite_dbpage WHERE pgno = ?
