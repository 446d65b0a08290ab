SELECT role.brand, coalesce(brand.name, ''), role.role
FROM role LEFT JOIN brand ON brand.id = role.brand
WHERE role.user = ?
ORDER BY brand.folded, role.brand
