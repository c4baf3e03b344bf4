-- warder_usage has sums of the rows of warder_ledger by minute and by hour, of each node, client and model. They are written
-- with the rows, in one transaction.

CREATE TABLE IF NOT EXISTS warder_usage (
    step VARCHAR(6) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    node VARCHAR(64) NOT NULL,
    client VARCHAR(256) NOT NULL,
    model VARCHAR(256) NOT NULL,
    row_count BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    write_5m_tokens BIGINT NOT NULL,
    write_1h_tokens BIGINT NOT NULL,
    read_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    billed_nanos BIGINT NOT NULL,
    own_nanos BIGINT NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (step, starts_at, node, client, model)
);
