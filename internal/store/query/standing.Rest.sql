UPDATE standing
SET scan = 0, lease = '', lease_until = 0, resume_at = NULL, found_at = NULL, failing_since = NULL
WHERE source = ?
