-- warder_ledger has one row for each part of each request to the upstream. warder_rollup has counts by minute and by hour,
-- of each run of each node. Only older versions wrote warder_intent, the requests without a row of a node without data.dir,
-- and warder_node, when each such node was last seen.

CREATE TABLE IF NOT EXISTS warder_ledger (
    try_id VARCHAR(36) NOT NULL,
    part INTEGER NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    admitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client VARCHAR(256),
    team VARCHAR(256),
    session_id VARCHAR(256),
    agent_id VARCHAR(256),
    dialect VARCHAR(16),
    model_asked VARCHAR(256),
    model_sent VARCHAR(256),
    model_answered VARCHAR(256),
    credential VARCHAR(256),
    credential_kind VARCHAR(32),
    upstream_request_id VARCHAR(256),
    upstream_status INTEGER,
    ended_as VARCHAR(32) NOT NULL,
    stop_reason VARCHAR(64),
    input_tokens BIGINT NOT NULL,
    write_5m_tokens BIGINT NOT NULL,
    write_1h_tokens BIGINT NOT NULL,
    read_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    thinking_tokens BIGINT NOT NULL,
    web_searches BIGINT NOT NULL,
    web_fetches BIGINT NOT NULL,
    tier VARCHAR(32),
    speed VARCHAR(32),
    geo VARCHAR(32),
    price_version VARCHAR(80),
    price_assumed BOOLEAN NOT NULL,
    billed BOOLEAN NOT NULL,
    basis VARCHAR(16) NOT NULL,
    cost_usd NUMERIC(60, 30) NOT NULL,
    cost_nanos BIGINT NOT NULL,
    first_byte_ms BIGINT,
    duration_ms BIGINT NOT NULL,
    node VARCHAR(64),
    PRIMARY KEY (try_id, part)
);

CREATE INDEX IF NOT EXISTS warder_ledger_ended ON warder_ledger (ended_at, try_id, part);

CREATE TABLE IF NOT EXISTS warder_intent (
    try_id VARCHAR(36) NOT NULL PRIMARY KEY,
    request_id VARCHAR(64) NOT NULL,
    admitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    client VARCHAR(256),
    session_id VARCHAR(256),
    dialect VARCHAR(16),
    model_asked VARCHAR(256),
    node VARCHAR(64) NOT NULL,
    run VARCHAR(36) NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_node (
    run VARCHAR(36) NOT NULL PRIMARY KEY,
    node VARCHAR(64) NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_rollup (
    step VARCHAR(6) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    run VARCHAR(36) NOT NULL,
    node VARCHAR(64) NOT NULL,
    requests BIGINT NOT NULL,
    refusals BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    first_byte VARCHAR(1000) NOT NULL,
    added_latency VARCHAR(1000) NOT NULL,
    PRIMARY KEY (step, starts_at, run)
);
