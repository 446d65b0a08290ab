SELECT m.rowid, m.platform, m.id, m.text_hash, l.ruled, l.about, l.hash
FROM label l
CROSS JOIN mention m ON m.brand = l.brand AND m.platform = l.platform AND m.id = l.id
WHERE l.brand = ? AND (ifnull(1 - l.about, l.ruled) <> (l.hash IS NOT NULL) OR l.hash IS NOT NULL AND m.text_hash <> 0)
