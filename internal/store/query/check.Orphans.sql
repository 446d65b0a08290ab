SELECT "table" FROM pragma_foreign_key_check
UNION
SELECT 'mention' WHERE EXISTS (
    SELECT 1 FROM mention m
    LEFT JOIN profile p ON p.brand = m.brand AND p.author = m.author AND p.n = m.profile
    WHERE p.n IS NULL)
ORDER BY 1
