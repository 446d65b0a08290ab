INSERT INTO event (brand, account, n, at, actor, name, kind, item, was, now, batch, undo, former) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
