SELECT n, hash FROM audit_log ORDER BY n DESC LIMIT 1
