SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?
