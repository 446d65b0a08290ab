SELECT DISTINCT u.id, ifnull(nullif(u.name, ''), u.email)
FROM user u
JOIN role r ON r.user = u.id
WHERE r.brand IN (0, ?) AND u.disabled_at IS NULL
ORDER BY u.folded
