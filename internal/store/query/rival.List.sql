SELECT b.name
FROM rival r JOIN brand b ON b.id = r.rival
WHERE r.brand = ?
ORDER BY b.folded
