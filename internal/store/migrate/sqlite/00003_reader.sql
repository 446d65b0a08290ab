-- +goose Up

-- Which process works on a scan: see readerMark. '' where nothing tells.
ALTER TABLE scan ADD COLUMN reader TEXT NOT NULL DEFAULT '';
CREATE INDEX scan_running ON scan (brand, source) WHERE state = 'running';

CREATE INDEX spend_scan ON spend (scan);
