SELECT kind, model, report, in_use, made_at FROM learned WHERE brand = ? ORDER BY kind
