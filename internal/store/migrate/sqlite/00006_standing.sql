-- +goose Up

-- How many own posts of a roll-up repeat an earlier one of the author.
ALTER TABLE rollup ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
UPDATE rollup SET copies = c.n
FROM (
    SELECT brand, author, lang, count(*) AS n,
        CASE
            WHEN created_at IS NULL THEN -2147483648
            WHEN created_at >= 0 THEN created_at / 86400
            ELSE (created_at - 86399) / 86400
        END AS day
    FROM mention
    WHERE copy > 1 AND repost = 0
    GROUP BY 1, 2, 3, 5
) AS c
WHERE rollup.brand = c.brand AND rollup.day = c.day AND rollup.author = c.author AND rollup.lang = c.lang;

-- What the rules make of an account; all of it follows from what is stored.
CREATE TABLE assessment (
    brand        INTEGER NOT NULL,
    author       INTEGER NOT NULL,
    automated    INTEGER NOT NULL, -- millionths
    organisation INTEGER NOT NULL, -- millionths
    said         TEXT    NOT NULL, -- JSON: reasons of what is shown, suggestions; '' nothing
    seen         INTEGER NOT NULL, -- hash of the own posts that texts was made from
    texts        TEXT    NOT NULL, -- JSON: what was read in them; '' nothing
    PRIMARY KEY (brand, author)
) WITHOUT ROWID;

-- Which data of a brand its assessments agree with.
CREATE TABLE assessed (
    brand        INTEGER PRIMARY KEY,
    data_version INTEGER NOT NULL,
    rules        INTEGER NOT NULL, -- the version of the rules
    standing     INTEGER NOT NULL  -- rises with every change of assessment and decision
);

-- What the team decided about an account; it wins over the rules.
CREATE TABLE decision (
    brand       INTEGER NOT NULL,
    author      INTEGER NOT NULL,
    automated   INTEGER, -- 1 automated, 0 genuine
    automated_by TEXT,
    automated_at INTEGER,
    role        TEXT,    -- in the brand's circle; '' in none of it
    role_by     TEXT,
    role_at     INTEGER,
    PRIMARY KEY (brand, author)
) WITHOUT ROWID;
