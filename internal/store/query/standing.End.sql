UPDATE standing
SET lease = '', lease_until = 0, resume_at = ?1,
    succeeded_at = coalesce(?2, succeeded_at),
    failing_since = CASE
        WHEN ?2 IS NOT NULL THEN NULL
        WHEN ?3 IS NOT NULL THEN coalesce(failing_since, ?3)
        ELSE failing_since -- told to stop: that says nothing about the source
    END
WHERE brand = ?4 AND source = ?5 AND lease = ?6
