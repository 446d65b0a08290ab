UPDATE version SET n = n + 1 RETURNING n
