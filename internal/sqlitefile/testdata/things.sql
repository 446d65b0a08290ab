-- things.db, made by: rm -f things.db && sqlite3 things.db < things.sql
PRAGMA page_size = 512;
CREATE TABLE things (brand INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, some INTEGER, note TEXT,
    PRIMARY KEY (brand, n)) WITHOUT ROWID;
-- 20 rows each of the brands -1, 1 and 300; every 15th name is long.
INSERT INTO things
WITH RECURSIVE i (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM i WHERE i < 19), b (b) AS (VALUES (-1), (1), (300))
SELECT b, (i - 10) * (i - 10) * (i - 10) * 65537, replace(printf('%.*c', iif(i % 15 = 7, 300, i), 'x'), 'x', 'ñ'),
    iif(i % 3 = 0, NULL, i % 3 + 255 * (i % 5)), iif(i % 4 = 0, NULL, 'note ' || i)
FROM i, b;
ALTER TABLE things ADD COLUMN late INTEGER;
UPDATE things SET late = -n WHERE some IS NULL;
DELETE FROM things WHERE brand = 300 AND some = 1;
