-- warder_ledger gets what the client names the kind of work. warder_class_usage has sums as warder_usage has, by request_class
-- instead of the model, of the rows that have one. Older releases write rows without these columns, and no such sums.

ALTER TABLE warder_ledger ADD COLUMN IF NOT EXISTS request_class VARCHAR(16);

ALTER TABLE warder_ledger ADD COLUMN IF NOT EXISTS agent_type VARCHAR(64);

ALTER TABLE warder_ledger ADD COLUMN IF NOT EXISTS prompt_id VARCHAR(64);

CREATE TABLE IF NOT EXISTS warder_class_usage (
    step VARCHAR(6) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    node VARCHAR(64) NOT NULL,
    client VARCHAR(256) NOT NULL,
    request_class VARCHAR(16) NOT NULL,
    row_count BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    write_5m_tokens BIGINT NOT NULL,
    write_1h_tokens BIGINT NOT NULL,
    read_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    billed_nanos BIGINT NOT NULL,
    own_nanos BIGINT NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (step, starts_at, node, client, request_class)
);
