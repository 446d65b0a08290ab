SELECT hash FROM audit_log WHERE n = ?
