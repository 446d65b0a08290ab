SELECT id, platform, key FROM author INDEXED BY author_person
WHERE brand = ? AND person = ?
ORDER BY platform, key
