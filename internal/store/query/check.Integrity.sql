PRAGMA integrity_check(5)
