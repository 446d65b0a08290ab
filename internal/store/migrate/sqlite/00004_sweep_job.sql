-- +goose Up

-- What a source is looking up while nobody waits, as JSON; '' nothing.
ALTER TABLE sweep ADD COLUMN job TEXT NOT NULL DEFAULT '';
