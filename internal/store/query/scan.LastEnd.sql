SELECT max(at)
FROM (
    SELECT max(finished_at) AS at FROM scan WHERE brand IN (?1, 0) AND kind = 'scan' AND state = 'done'
    UNION ALL
    SELECT max(found_at) FROM standing WHERE brand = ?1 -- what is being read is shown as it comes
)
