-- warder_limit has what was left of each limit for a minute at filled_at; a limit without a row is unused. warder_limit_slot
-- has how many requests each node may run at the same time, and warder_limit_node when each start of a node was last seen.

CREATE TABLE IF NOT EXISTS warder_limit (
    limit_key VARCHAR(200) NOT NULL PRIMARY KEY,
    content DOUBLE PRECISION NOT NULL,
    filled_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_limit_slot (
    limit_key VARCHAR(200) NOT NULL,
    run VARCHAR(36) NOT NULL,
    slots BIGINT NOT NULL CHECK (slots >= 0),
    PRIMARY KEY (limit_key, run)
);

CREATE TABLE IF NOT EXISTS warder_limit_node (
    run VARCHAR(36) NOT NULL PRIMARY KEY,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_since TIMESTAMP WITH TIME ZONE NOT NULL
);
