-- +goose Up

-- Who signs in.
CREATE TABLE user (
    id           TEXT    PRIMARY KEY, -- random
    email        TEXT    NOT NULL,
    folded       TEXT    NOT NULL UNIQUE, -- the address in lower case
    name         TEXT    NOT NULL,
    password     TEXT    NOT NULL, -- argon2id; '' no sign-in by password
    issuer       TEXT    NOT NULL DEFAULT '', -- of the single sign-on that knows them
    subject      TEXT    NOT NULL DEFAULT '', -- what it calls them
    generation   INTEGER NOT NULL DEFAULT 0, -- rises with password and roles; older sessions are dead
    disabled_at  INTEGER,
    created_at   INTEGER NOT NULL,
    signed_in_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX user_subject ON user (issuer, subject) WHERE subject <> '';

CREATE TABLE role (
    user  TEXT    NOT NULL REFERENCES user (id),
    brand INTEGER NOT NULL, -- 0: every brand
    role  TEXT    NOT NULL, -- viewer, analyst, manager, owner
    PRIMARY KEY (user, brand)
) WITHOUT ROWID;

CREATE TABLE session (
    token      TEXT    PRIMARY KEY, -- hash
    data       BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_expires ON session (expires_at);

-- Links that work once: first start, invitation, new password.
CREATE TABLE ticket (
    hash       TEXT    PRIMARY KEY, -- SHA-256 of what stands in the link
    kind       TEXT    NOT NULL, -- setup, invitation, reset
    user       TEXT    NOT NULL, -- '' nobody yet
    roles      TEXT    NOT NULL, -- JSON of an invitation: brand ids and roles
    email      TEXT    NOT NULL,
    made_by    TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE api_key (
    id         TEXT    PRIMARY KEY, -- random, part of the key, shown
    name       TEXT    NOT NULL,
    hash       TEXT    NOT NULL, -- SHA-256 of the whole key
    brand      INTEGER NOT NULL, -- 0: every brand
    role       TEXT    NOT NULL,
    made_by    TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    expires_at INTEGER,
    used_at    INTEGER,
    revoked_at INTEGER
) WITHOUT ROWID;

-- What was done, by whom: only added to, each entry sealed by the hash of the
-- one before it.
CREATE TABLE audit_log (
    n          INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    actor_kind TEXT    NOT NULL,
    actor      TEXT    NOT NULL, -- id of the user or key
    action     TEXT    NOT NULL, -- operation of the API, or command
    brand      INTEGER NOT NULL, -- 0: none
    object     TEXT    NOT NULL, -- an id; never a name or handle of a person who is ranked
    outcome    TEXT    NOT NULL,
    hash       BLOB    NOT NULL  -- SHA-256 of the previous hash and this entry
);
CREATE INDEX audit_log_brand ON audit_log (brand, n);
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
-- +goose StatementEnd
