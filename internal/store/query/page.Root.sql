SELECT s.rootpage, c.page_count
FROM sqlite_schema s, pragma_page_count c
WHERE s.type = 'table' AND s.name = ?
