SELECT /*task.columns*/
WHERE t.brand = ?1 AND t.id IN (SELECT id FROM task INDEXED BY task_account WHERE brand = ?1 AND account IN (SELECT value FROM json_each(?2)))
ORDER BY t.id
