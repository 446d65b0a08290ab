SELECT count(*) FROM task WHERE brand = ?1 AND done_at IS NOT NULL AND (?2 = '' OR assignee = ?2)
