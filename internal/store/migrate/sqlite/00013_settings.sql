-- +goose Up

-- How a brand's people are weighed where a question does not say: the last row
-- of a brand is in force, the others are its history.
CREATE TABLE ranking (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    n       INTEGER NOT NULL, -- from 1
    weights TEXT    NOT NULL, -- in the form of scoring.ParseWeights; '' the server's
    blend   TEXT    NOT NULL, -- '' the server's
    reason  TEXT    NOT NULL,
    set_by  TEXT    NOT NULL,
    set_at  INTEGER NOT NULL,
    PRIMARY KEY (brand, n)
) WITHOUT ROWID;
