SELECT u.id, ifnull(nullif(u.name, ''), u.email)
FROM user u
JOIN role r ON r.user = u.id
WHERE r.brand IN (0, ?1) AND u.id = ?2 AND u.disabled_at IS NULL
LIMIT 1
