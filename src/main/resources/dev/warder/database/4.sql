-- warder_policy has one row: the highest version of policy.file that any node has used, and the SHA-256 of the file of the
-- first node that used it, as hexadecimal digits. In H2 a migration that failed is repeated as a whole.

CREATE TABLE IF NOT EXISTS warder_policy (
    name VARCHAR(16) NOT NULL PRIMARY KEY,
    highest BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL
);

INSERT INTO warder_policy (name, highest, sha256)
SELECT 'policy.file', 0, '' WHERE NOT EXISTS (SELECT 1 FROM warder_policy);
