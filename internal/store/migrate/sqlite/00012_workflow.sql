-- +goose Up

-- What a team keeps of people. Rows belong to accounts, as links do: what is said
-- of a person is written to the account that names the person, and read of all of
-- its accounts. So joining people loses nothing, and undoing that gives each their
-- own again.

-- How far lists follow what is kept.
CREATE TABLE workflow (
    brand   INTEGER PRIMARY KEY REFERENCES brand (id),
    version INTEGER NOT NULL, -- rises with every change that a list shows
    hidden  INTEGER NOT NULL  -- rises when somebody becomes no fit, or a fit again
);

CREATE TABLE status (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    account TEXT    NOT NULL, -- author.account
    status  TEXT    NOT NULL,
    reason  TEXT    NOT NULL, -- of not_a_fit; '' of others
    text    TEXT    NOT NULL,
    n       INTEGER NOT NULL, -- event.n; of a person's accounts the latest counts
    PRIMARY KEY (brand, account)
) WITHOUT ROWID;

CREATE TABLE owner (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    account TEXT    NOT NULL,
    user    TEXT,             -- NULL: nobody
    n       INTEGER NOT NULL, -- as above
    PRIMARY KEY (brand, account)
) WITHOUT ROWID;
CREATE INDEX owner_user ON owner (user) WHERE user IS NOT NULL;

CREATE TABLE tagged (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    account TEXT    NOT NULL,
    folded  TEXT    NOT NULL, -- the tag in lower case
    name    TEXT    NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (brand, account, folded)
) WITHOUT ROWID;
CREATE INDEX tagged_folded ON tagged (brand, folded);

CREATE TABLE note (
    brand        INTEGER NOT NULL REFERENCES brand (id),
    id           INTEGER NOT NULL,
    account      TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    made_by      TEXT    NOT NULL,
    made_name    TEXT    NOT NULL,
    made_at      INTEGER NOT NULL,
    changed_by   TEXT    NOT NULL DEFAULT '',
    changed_name TEXT    NOT NULL DEFAULT '',
    changed_at   INTEGER,
    PRIMARY KEY (brand, id)
) WITHOUT ROWID;
CREATE INDEX note_account ON note (brand, account, id);

CREATE TABLE task (
    brand     INTEGER NOT NULL REFERENCES brand (id),
    id        INTEGER NOT NULL,
    account   TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    due_at    INTEGER,          -- midnight of a day; NULL: none
    assignee  TEXT,             -- NULL: nobody
    done_at   INTEGER,          -- NULL: open
    done_by   TEXT    NOT NULL DEFAULT '',
    done_name TEXT    NOT NULL DEFAULT '',
    made_by   TEXT    NOT NULL,
    made_name TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (brand, id)
) WITHOUT ROWID;
CREATE INDEX task_account ON task (brand, account);
CREATE INDEX task_open ON task (brand, due_at, id) WHERE done_at IS NULL;
CREATE INDEX task_assignee ON task (assignee) WHERE assignee IS NOT NULL;

-- What was changed about people: only added to, but that the texts of notes and
-- tasks go when these are removed, and everything with the person.
CREATE TABLE event (
    brand   INTEGER NOT NULL REFERENCES brand (id),
    account TEXT    NOT NULL,
    n       INTEGER NOT NULL, -- rises with time over all brands
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL, -- person:ID, key:ID, local
    name    TEXT    NOT NULL, -- of the actor, then
    kind    TEXT    NOT NULL,
    item    TEXT    NOT NULL, -- id of a note or task, a tag, the other account; ''
    was     TEXT,             -- JSON; NULL: nothing
    now     TEXT,             -- JSON; NULL: nothing any more
    batch   INTEGER,          -- batch.id
    undo    INTEGER NOT NULL, -- 1: takes the batch back
    former  TEXT,             -- JSON: rows to put back when the batch is taken back, as long as it can be
    PRIMARY KEY (brand, account, n)
) WITHOUT ROWID;
CREATE INDEX event_batch ON event (brand, batch) WHERE batch IS NOT NULL;
CREATE INDEX event_former ON event (brand) WHERE former IS NOT NULL;
CREATE INDEX event_identity ON event (brand, item) WHERE kind = 'identity';

CREATE TABLE batch (
    brand     INTEGER NOT NULL REFERENCES brand (id),
    id        INTEGER NOT NULL,
    made_by   TEXT    NOT NULL,
    made_name TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    undone_at INTEGER,
    PRIMARY KEY (brand, id)
) WITHOUT ROWID;

-- Questions for the list under names.
CREATE TABLE saved_view (
    brand      INTEGER NOT NULL REFERENCES brand (id),
    id         INTEGER NOT NULL,
    shared     INTEGER NOT NULL, -- 0: only who made it sees it
    made_by    TEXT    NOT NULL,
    made_name  TEXT    NOT NULL,
    folded     TEXT    NOT NULL, -- the name in lower case
    name       TEXT    NOT NULL,
    query      TEXT    NOT NULL, -- JSON: parameter to value
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (brand, id)
) WITHOUT ROWID;

-- What was decided before there was a history begins it, before everything else.
INSERT INTO event (brand, account, n, at, actor, name, kind, item, was, now, batch, undo, former)
SELECT brand, account, row_number() OVER (ORDER BY at, kind, account, item) - 1000000000000, at,
    actor, ifnull((SELECT u.name FROM user u WHERE 'person:' || u.id = actor), actor), kind, item, NULL, now, NULL, 0, NULL
FROM (
    SELECT d.brand, a.account, d.automated_at AS at, d.automated_by AS actor, 'authenticity' AS kind, '' AS item,
        json_object('value', iif(d.automated, 'automated', 'genuine')) AS now
    FROM decision d JOIN author a ON a.brand = d.brand AND a.id = d.author
    WHERE d.automated IS NOT NULL AND d.automated_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM alias l WHERE l.brand = a.brand AND l.person = a.account)
    UNION ALL
    SELECT d.brand, a.account, d.role_at, d.role_by, 'circle', '', json_object('value', iif(d.role = '', 'none', d.role))
    FROM decision d JOIN author a ON a.brand = d.brand AND a.id = d.author
    WHERE d.role IS NOT NULL AND d.role_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM alias l WHERE l.brand = a.brand AND l.person = a.account)
    UNION ALL
    SELECT brand, a, decided_at, decided_by, 'identity', b, json_object('value', iif(accepted, 'accepted', 'rejected')) FROM link
    UNION ALL
    SELECT brand, b, decided_at, decided_by, 'identity', a, json_object('value', iif(accepted, 'accepted', 'rejected')) FROM link
    UNION ALL
    SELECT n.brand, n.account, n.informed_at, n.informed_by, 'notice', '',
        json_object('value', n.channel, 'text', strftime('%Y-%m-%dT%H:%M:%SZ', n.informed_at, 'unixepoch'))
    FROM notice n
    WHERE NOT EXISTS (SELECT 1 FROM alias l WHERE l.brand = n.brand AND l.person = n.account)
)
WHERE true;
