-- owners has a line for each access token with its name and that of its client in the version that is the highest, and
-- owners_of the SHA-256 of that version's file. An older release changes neither, so that the two SHA-256 differ after it has
-- used a higher version.

ALTER TABLE warder_policy ADD COLUMN IF NOT EXISTS owners_of VARCHAR(64) DEFAULT '' NOT NULL;

ALTER TABLE warder_policy ADD COLUMN IF NOT EXISTS owners TEXT DEFAULT '' NOT NULL;
