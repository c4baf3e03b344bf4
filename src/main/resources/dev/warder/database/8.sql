-- warder_policy_object has what administrators decided: clients, teams, tags, models, the organization and sessions, each as
-- the JSON object that it would be in policy.file. warder_access_token has the hashed access tokens. warder_policy_revision
-- has one row: the number of changes of both tables. Each row that is changed gets the new number, so that nodes read only
-- what is new to them, and a row that is removed stays as a mark. warder_audit has an entry for each change, which contains
-- the hash of the entry before it; the row has number and hash of the last one. warder_idempotency has which requests with an
-- Idempotency-Key were done. In H2 a migration that failed is repeated as a whole.

CREATE TABLE IF NOT EXISTS warder_policy_revision (
    name VARCHAR(16) NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    audit_number BIGINT NOT NULL,
    audit_hash VARCHAR(64) NOT NULL
);

INSERT INTO warder_policy_revision (name, revision, audit_number, audit_hash)
SELECT 'policy', 0, 0, '' WHERE NOT EXISTS (SELECT 1 FROM warder_policy_revision);

CREATE TABLE IF NOT EXISTS warder_policy_object (
    kind VARCHAR(16) NOT NULL,
    name VARCHAR(128) NOT NULL,
    document TEXT NOT NULL,
    removed BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE INDEX IF NOT EXISTS warder_policy_object_revision ON warder_policy_object (revision);

CREATE TABLE IF NOT EXISTS warder_access_token (
    id VARCHAR(8) NOT NULL PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    client VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    document TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE
);

CREATE INDEX IF NOT EXISTS warder_access_token_revision ON warder_access_token (revision);

CREATE TABLE IF NOT EXISTS warder_audit (
    number BIGINT NOT NULL PRIMARY KEY,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor VARCHAR(128) NOT NULL,
    address VARCHAR(64) NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    action VARCHAR(32) NOT NULL,
    subject VARCHAR(160) NOT NULL,
    content_before TEXT NOT NULL,
    content_after TEXT NOT NULL,
    previous_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_idempotency (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    request_hash VARCHAR(64) NOT NULL,
    status INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    document TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX IF NOT EXISTS warder_idempotency_made ON warder_idempotency (made_at);
