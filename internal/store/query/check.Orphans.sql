SELECT "table" FROM pragma_foreign_key_check
UNION
SELECT 'author' WHERE EXISTS (
    SELECT 1 FROM author a
    LEFT JOIN brand b ON b.id = a.brand
    WHERE b.id IS NULL)
UNION
SELECT 'profile' WHERE EXISTS (
    SELECT 1 FROM profile p
    LEFT JOIN author a ON a.brand = p.brand AND a.id = p.author
    WHERE a.id IS NULL)
UNION
SELECT 'mention' WHERE EXISTS (
    SELECT 1 FROM mention m
    LEFT JOIN profile p ON p.brand = m.brand AND p.author = m.author AND p.n = m.profile
    WHERE p.n IS NULL)
UNION
SELECT 'label' WHERE EXISTS (
    SELECT 1 FROM label l
    LEFT JOIN mention m ON m.brand = l.brand AND m.platform = l.platform AND m.id = l.id
    WHERE m.id IS NULL)
UNION
SELECT 'link' WHERE EXISTS (
    SELECT 1 FROM link l
    LEFT JOIN author a ON a.brand = l.brand AND a.account = l.a
    LEFT JOIN author b ON b.brand = l.brand AND b.account = l.b
    WHERE a.id IS NULL OR b.id IS NULL)
UNION
SELECT 'alias' WHERE EXISTS (
    SELECT 1 FROM alias l
    LEFT JOIN author a ON a.brand = l.brand AND a.account = l.person
    WHERE a.id IS NULL)
ORDER BY 1
