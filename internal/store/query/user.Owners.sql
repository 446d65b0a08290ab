SELECT count(*)
FROM user JOIN role ON role.user = user.id
WHERE role.brand = 0 AND role.role = 'owner' AND user.disabled_at IS NULL AND (user.password <> '' OR user.subject <> '')
