-- +goose Up

-- Another at random with every data version. Versions alone do not tell a
-- database that was put back from a copy and went on from the one it replaced.
ALTER TABLE brand ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
