SELECT brand FROM owner WHERE user = ?1
UNION
SELECT brand FROM task WHERE assignee = ?1
ORDER BY 1
