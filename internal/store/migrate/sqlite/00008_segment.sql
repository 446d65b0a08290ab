-- +goose Up

-- Filter expressions that a team keeps under a name.
CREATE TABLE segment (
    brand      INTEGER NOT NULL REFERENCES brand (id),
    folded     TEXT    NOT NULL, -- the name in lower case
    name       TEXT    NOT NULL,
    expression TEXT    NOT NULL, -- in the grammar of rank.ParseWhere
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (brand, folded)
) WITHOUT ROWID;

-- Brands of this installation that compete with a brand.
CREATE TABLE rival (
    brand INTEGER NOT NULL REFERENCES brand (id),
    rival INTEGER NOT NULL REFERENCES brand (id),
    PRIMARY KEY (brand, rival)
) WITHOUT ROWID;
