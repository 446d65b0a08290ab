UPDATE standing
SET lease = '', lease_until = 0, resume_at = ?1,
    succeeded_at = coalesce(?2, succeeded_at),
    failing_since = iif(?3 IS NULL, NULL, coalesce(failing_since, ?3))
WHERE brand = ?4 AND source = ?5 AND lease = ?6
