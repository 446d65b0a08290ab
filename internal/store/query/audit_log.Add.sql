INSERT INTO audit_log (n, at, actor_kind, actor, action, brand, object, outcome, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
