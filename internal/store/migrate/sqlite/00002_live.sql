-- +goose Up

-- Configured uses of collectors. A collector that needs no setting is used
-- without a row.
CREATE TABLE source (
    brand      INTEGER NOT NULL, -- 0: for every brand
    name       TEXT    NOT NULL UNIQUE,
    collector  TEXT    NOT NULL,
    settings   TEXT    NOT NULL, -- JSON, secrets included
    enabled    INTEGER NOT NULL,
    monthly    INTEGER,          -- millionths of a US dollar that a UTC month may cost; NULL: nothing
    created_at INTEGER NOT NULL,
    PRIMARY KEY (brand, name)
) WITHOUT ROWID;

-- When a brand is scanned next: what is due is a query.
CREATE TABLE schedule (
    brand   INTEGER PRIMARY KEY REFERENCES brand (id),
    spec    TEXT    NOT NULL,
    zone    TEXT    NOT NULL,
    monthly INTEGER,          -- the brand's own limit for a month, over all sources; NULL: none beside theirs
    next_at INTEGER NOT NULL,
    run     TEXT    NOT NULL  -- name of that run; each is started once
);
CREATE INDEX schedule_next ON schedule (next_at);

CREATE TABLE started (
    brand INTEGER NOT NULL,
    spec  TEXT    NOT NULL,
    run   TEXT    NOT NULL,
    PRIMARY KEY (brand, spec, run)
) WITHOUT ROWID;

-- A scan of a brand is a row without a source, what it does at each source is
-- a row that names it.
ALTER TABLE scan ADD COLUMN whole INTEGER;
ALTER TABLE scan ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan ADD COLUMN spent INTEGER NOT NULL DEFAULT 0; -- millionths of a US dollar
ALTER TABLE scan ADD COLUMN failure TEXT NOT NULL DEFAULT ''; -- collectors.Kind of what stopped it
ALTER TABLE scan ADD COLUMN fix TEXT NOT NULL DEFAULT '';
ALTER TABLE scan ADD COLUMN until_at INTEGER;
CREATE INDEX scan_whole ON scan (brand, whole);
CREATE INDEX scan_source ON scan (brand, source, started_at);

-- How a brand stands at a source: who reads it, and what to announce.
CREATE TABLE standing (
    brand         INTEGER NOT NULL,
    source        TEXT    NOT NULL,
    platform      TEXT    NOT NULL, -- of its posts
    scan          INTEGER NOT NULL, -- its latest row
    lease         TEXT    NOT NULL, -- '' nobody reads it
    lease_until   INTEGER NOT NULL,
    resume_at     INTEGER,          -- when it goes on; NULL: with the next scan
    succeeded_at  INTEGER,          -- last caught up
    found_at      INTEGER,          -- last brought a new mention
    failing_since INTEGER,          -- NULL: it works
    PRIMARY KEY (brand, source)
) WITHOUT ROWID;
CREATE INDEX standing_resume ON standing (resume_at) WHERE resume_at IS NOT NULL;

-- What was booked before requests that cost something, and what they came to.
CREATE TABLE spend (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    brand   INTEGER NOT NULL,
    source  TEXT    NOT NULL,
    unit    TEXT    NOT NULL,
    scan    INTEGER NOT NULL,
    day     INTEGER NOT NULL, -- UTC
    units   INTEGER NOT NULL,
    micros  INTEGER NOT NULL, -- millionths of a US dollar
    settled INTEGER NOT NULL
);
CREATE INDEX spend_source ON spend (source, day);
CREATE INDEX spend_brand ON spend (brand, day);

-- What was charged today: the same object is charged once a UTC day.
CREATE TABLE charged (
    source TEXT    NOT NULL,
    day    INTEGER NOT NULL,
    unit   TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    PRIMARY KEY (source, day, unit, id)
) WITHOUT ROWID;

-- What was taken out because it is gone or too old: counts, no content.
CREATE TABLE removal (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    brand      INTEGER NOT NULL,
    source     TEXT    NOT NULL,
    reason     TEXT    NOT NULL, -- gone, retention
    posts      INTEGER NOT NULL,
    removed_at INTEGER NOT NULL
);
CREATE INDEX removal_brand ON removal (brand, id);

-- How far a look through the stored posts for those that are gone has come.
CREATE TABLE sweep (
    brand      INTEGER NOT NULL,
    source     TEXT    NOT NULL,
    after      TEXT    NOT NULL, -- id of the last post looked up
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    PRIMARY KEY (brand, source)
) WITHOUT ROWID;

-- What is wrong with a source, told once, and again when it is over.
CREATE TABLE alarm (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    brand        INTEGER NOT NULL,
    source       TEXT    NOT NULL,
    kind         TEXT    NOT NULL, -- collectors.Kind, or silent
    reason       TEXT    NOT NULL,
    fix          TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    announced_at INTEGER,
    over_at      INTEGER,
    recovered_at INTEGER           -- when that was announced
);
CREATE INDEX alarm_brand ON alarm (brand, id);
CREATE INDEX alarm_open ON alarm (id) WHERE recovered_at IS NULL;

-- Answers to pushed mentions, by the sender's key.
CREATE TABLE pushed (
    brand   INTEGER NOT NULL,
    key     TEXT    NOT NULL,
    body    BLOB    NOT NULL, -- hash
    answer  TEXT,             -- JSON; NULL: still at work
    at      INTEGER NOT NULL,
    PRIMARY KEY (brand, key)
) WITHOUT ROWID;
