-- +goose Up

-- A counter shared by all brands: a brand that is removed and made again never
-- repeats a data version.
CREATE TABLE version (
    n INTEGER NOT NULL
);
INSERT INTO version (n) VALUES (0);

CREATE TABLE brand (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    folded       TEXT    NOT NULL UNIQUE, -- the name in lower case
    query        TEXT    NOT NULL,
    demo         INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    data_version INTEGER NOT NULL,
    epoch        INTEGER NOT NULL DEFAULT 0, -- rises when authors or profiles are removed
    learned      INTEGER NOT NULL DEFAULT 0, -- rises with every change of the learned models in use
    rescored     INTEGER NOT NULL DEFAULT 0  -- the value of learned that all mentions agree with
);

CREATE TABLE own_account (
    brand    INTEGER NOT NULL REFERENCES brand (id),
    platform TEXT    NOT NULL, -- '' on every platform
    handle   TEXT    NOT NULL, -- '' when the account is named by its key
    key      TEXT    NOT NULL, -- '' when it is named by its handle
    PRIMARY KEY (brand, platform, handle, key)
) WITHOUT ROWID;

-- No foreign keys from or to the tables an import fills: following them would
-- cost it a tenth. What they would promise is what Check looks for.
CREATE TABLE author (
    brand    INTEGER NOT NULL,
    id       INTEGER NOT NULL,
    account  TEXT    NOT NULL, -- hash of platform and key: the person it is by itself
    platform TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    PRIMARY KEY (brand, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX author_account ON author (brand, account);

-- How an author presented itself; mentions carry the number n.
CREATE TABLE profile (
    brand      INTEGER NOT NULL,
    author     INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    handle     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    bio        TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    verified   INTEGER,
    created_at INTEGER,
    PRIMARY KEY (brand, author, n)
) WITHOUT ROWID;

-- Persons merged into others: the old ids go on working.
CREATE TABLE alias (
    brand  INTEGER NOT NULL REFERENCES brand (id),
    person TEXT    NOT NULL,
    moved  TEXT    NOT NULL,
    PRIMARY KEY (brand, person)
) WITHOUT ROWID;
CREATE INDEX alias_moved ON alias (brand, moved);

CREATE TABLE mention (
    brand       INTEGER NOT NULL,
    platform    TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    author      INTEGER NOT NULL,
    profile     INTEGER NOT NULL,
    created_at  INTEGER, -- unix seconds; NULL: unknown
    lang        TEXT    NOT NULL,
    text_hash   INTEGER NOT NULL, -- 0 for reposts and texts without words
    copy        INTEGER NOT NULL, -- k: the k-th own post of the author with this hash
    repost      INTEGER NOT NULL,
    sponsored   INTEGER NOT NULL,
    likes       INTEGER,
    reposts     INTEGER,
    replies     INTEGER,
    quotes      INTEGER,
    views       INTEGER,
    followers   INTEGER,
    following   INTEGER,
    sentiment   INTEGER, -- net, in millionths; NULL: not scored
    tone        INTEGER, -- the likeliest class: 1, 0, -1; net alone does not tell it
    repost_of   TEXT,
    reply_to    TEXT,
    quote_of    TEXT,
    handles     TEXT,    -- handles named, one per line
    observed_at INTEGER, -- unix seconds; NULL: the source does not say
    row_hash    INTEGER NOT NULL,
    counters_at BLOB,    -- when each counter was read, where that is not observed_at
    url         TEXT,
    reference   TEXT,    -- label of research data
    text        TEXT    NOT NULL,
    PRIMARY KEY (brand, platform, id)
);
CREATE INDEX mention_author ON mention (brand, author, text_hash, created_at);
CREATE INDEX mention_time ON mention (brand, created_at);

-- What is known of some mentions beside their rows: a team's own judgement,
-- which wins over the models, and whether a rule leaves them out. A mention
-- that is left out has text_hash 0, its own is here: so it is in nobody's group
-- of copies, and imports of brands that leave nothing out pay nothing.
CREATE TABLE label (
    brand      INTEGER NOT NULL,
    platform   TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    label      INTEGER, -- the team's: 1, 0, -1
    labeled_by TEXT,
    labeled_at INTEGER,
    about      INTEGER, -- the team's: 1 about the brand, 0 not
    marked_by  TEXT,
    marked_at  INTEGER,
    ruled      INTEGER NOT NULL DEFAULT 0, -- 1: a rule leaves it out
    hash       INTEGER, -- the mention's text_hash while it is left out; NULL: it counts
    PRIMARY KEY (brand, platform, id)
) WITHOUT ROWID;

-- What was learned from a team's judgements.
CREATE TABLE learned (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    kind    TEXT    NOT NULL, -- sentiment, relevance
    model   BLOB    NOT NULL,
    report  TEXT    NOT NULL, -- JSON: how good it is
    in_use  INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (brand, kind)
) WITHOUT ROWID;

-- What an author did in one language on one UTC day; see rank.Row. Everything
-- in it follows from mention, profile and label. The sums are never NULL.
CREATE TABLE rollup (
    brand            INTEGER NOT NULL,
    day              INTEGER NOT NULL, -- created_at / 86400; -2147483648: time unknown
    author           INTEGER NOT NULL,
    lang             TEXT    NOT NULL,
    posts            INTEGER,
    own              INTEGER,
    reposted         INTEGER,
    organic          INTEGER,
    likes            INTEGER,
    likes_known      INTEGER,
    reposts          INTEGER,
    reposts_known    INTEGER,
    replies          INTEGER,
    replies_known    INTEGER,
    quotes           INTEGER,
    quotes_known     INTEGER,
    views            INTEGER,
    views_known      INTEGER,
    engagement_known INTEGER,
    weight           INTEGER, -- billionths
    sentiment_weight INTEGER, -- billionths
    sentiment_sum    INTEGER, -- billionths
    scored           INTEGER,
    followers_max    INTEGER,
    following_last   INTEGER,
    profile          INTEGER,
    first_at         INTEGER,
    last_at          INTEGER,
    last_id          TEXT   ,
    PRIMARY KEY (brand, day, author, lang)
) WITHOUT ROWID;

-- How often an author tied itself to a handle on one UTC day.
CREATE TABLE edge (
    brand  INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    kind   INTEGER NOT NULL, -- rank.EdgeKind
    source INTEGER NOT NULL, -- author.id
    target TEXT    NOT NULL, -- handle, lower case
    weight INTEGER,
    PRIMARY KEY (brand, day, kind, source, target)
) WITHOUT ROWID;

-- Where a collector goes on, and what the run did until then; brand 0 where
-- rows name their own brand.
CREATE TABLE cursor (
    brand    INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    cursor   BLOB    NOT NULL,
    told     BLOB,             -- scan.Page.Told
    added    INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    PRIMARY KEY (brand, source)
) WITHOUT ROWID;

-- Which periods of a source were watched, half-open.
CREATE TABLE observed (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    source  TEXT    NOT NULL,
    from_at INTEGER NOT NULL,
    to_at   INTEGER NOT NULL,
    PRIMARY KEY (brand, source, from_at)
) WITHOUT ROWID;

CREATE TABLE scan (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    brand       INTEGER NOT NULL, -- 0 where rows name their own brand
    kind        TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    rows        INTEGER NOT NULL,
    rejected    INTEGER NOT NULL,
    added       INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    repeated    INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER
);
CREATE INDEX scan_brand ON scan (brand, id);
