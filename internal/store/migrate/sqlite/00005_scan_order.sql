-- +goose Up

-- What a scan was asked for: a process that goes on with it keeps to that.
ALTER TABLE scan ADD COLUMN sources TEXT NOT NULL DEFAULT ''; -- JSON list of names; '' all of the brand's
ALTER TABLE scan ADD COLUMN since_at INTEGER;                 -- how far back the first scan of a source reaches; NULL: as it says

-- What was to be read at a paid source by its own word before it was read.
ALTER TABLE scan ADD COLUMN estimated_at INTEGER;     -- when it was asked; NULL: it was not
ALTER TABLE scan ADD COLUMN estimated_posts INTEGER;  -- at most; NULL: it did not tell
ALTER TABLE scan ADD COLUMN estimated_micros INTEGER; -- what they cost at most, millionths of a US dollar
