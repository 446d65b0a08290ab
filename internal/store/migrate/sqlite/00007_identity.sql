-- +goose Up

-- What a team decided about two accounts: one person's, or not. Persons follow
-- from the accepted ones; alias is made from them and can be made again.
CREATE TABLE link (
    brand      INTEGER NOT NULL REFERENCES brand (id),
    a          TEXT    NOT NULL, -- author.account, the lesser of the two
    b          TEXT    NOT NULL,
    accepted   INTEGER NOT NULL, -- 0: rejected, never suggested again
    basis      TEXT    NOT NULL, -- JSON: what it rests on, as it was then
    decided_by TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (brand, a, b)
) WITHOUT ROWID;
CREATE INDEX link_b ON link (brand, b);
