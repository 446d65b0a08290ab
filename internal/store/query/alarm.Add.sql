INSERT INTO alarm (brand, source, kind, reason, fix, since) VALUES (?, ?, ?, ?, ?, ?)
