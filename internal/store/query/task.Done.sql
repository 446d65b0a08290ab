SELECT /*task.columns*/
WHERE t.brand = ?1 AND t.done_at IS NOT NULL AND (?2 = '' OR t.assignee = ?2)
    AND (ifnull(t.due_at, 9223372036854775807), t.id) > (?3, ?4)
ORDER BY ifnull(t.due_at, 9223372036854775807), t.id
LIMIT ?5
