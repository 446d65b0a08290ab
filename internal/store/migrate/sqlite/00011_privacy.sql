-- +goose Up

-- Who was erased and must not come back: HMACs under the installation's key,
-- no names. See internal/privacy.
CREATE TABLE suppression (
    entry   BLOB    PRIMARY KEY,
    at      INTEGER NOT NULL,
    applied INTEGER NOT NULL -- 0: what is stored has not been gone through for it yet
) WITHOUT ROWID;
CREATE INDEX suppression_due ON suppression (applied) WHERE applied = 0;

-- When an account was stored first: people are to be informed within a month.
-- NULL: before this was noted.
ALTER TABLE author ADD COLUMN stored_at INTEGER;

-- Who was informed that data are kept about them.
CREATE TABLE notice (
    brand       INTEGER NOT NULL,
    account     TEXT    NOT NULL, -- author.account
    informed_at INTEGER NOT NULL,
    channel     TEXT    NOT NULL, -- by what: mail, a message, …
    informed_by TEXT    NOT NULL,
    PRIMARY KEY (brand, account)
) WITHOUT ROWID;

-- How long posts are kept.
CREATE TABLE retention (
    brand    INTEGER NOT NULL,
    platform TEXT    NOT NULL, -- '' those without a row of their own
    days     INTEGER,          -- NULL: without limit
    set_by   TEXT    NOT NULL,
    set_at   INTEGER NOT NULL,
    PRIMARY KEY (brand, platform)
) WITHOUT ROWID;

-- Posts that were not stored because their author was erased.
ALTER TABLE cursor ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;
