SELECT author, automated, organisation, said, seen, texts
FROM assessment
WHERE brand = ? AND author BETWEEN ? AND ?
ORDER BY author
