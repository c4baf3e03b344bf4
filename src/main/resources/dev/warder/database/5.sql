-- warder_budget_period has what was spent and reserved of each budget in each window of its period, warder_lease what is
-- reserved for each run of each node (its state is live or reaped; H2 cannot evaluate a check with IN after its connection is
-- closed), warder_charge what each row of warder_ledger was charged to, and warder_budget_adjustment what was spent without
-- such a row. warder_budget_node has when each run was last seen, and warder_budget_bound what nodes have learned of the
-- requests of clients. All amounts are nano-dollars. In the view warder_budget_check three columns of each row, one for each
-- period, are 0 if the tables agree; H2 would not read the tables at one moment if each sum were a subquery.

CREATE TABLE IF NOT EXISTS warder_budget_period (
    budget VARCHAR(160) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    cap_target BIGINT NOT NULL CHECK (cap_target >= 0),
    enforced BOOLEAN NOT NULL,
    policy_version BIGINT NOT NULL,
    opened BOOLEAN NOT NULL,
    spent BIGINT NOT NULL CHECK (spent >= 0),
    overage BIGINT NOT NULL CHECK (overage >= 0),
    held_unknown BIGINT NOT NULL CHECK (held_unknown >= 0),
    leased BIGINT NOT NULL CHECK (leased >= 0),
    PRIMARY KEY (budget, starts_at)
);

CREATE TABLE IF NOT EXISTS warder_lease (
    run VARCHAR(36) NOT NULL,
    budget VARCHAR(160) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    granted BIGINT NOT NULL CHECK (granted >= 0),
    drawn BIGINT NOT NULL CHECK (drawn >= 0),
    held_unknown BIGINT NOT NULL CHECK (held_unknown >= 0),
    state VARCHAR(8) NOT NULL,
    wanted BIGINT NOT NULL CHECK (wanted >= 0),
    wanted_since TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (run, budget, starts_at),
    CHECK (granted >= drawn)
);

CREATE INDEX IF NOT EXISTS warder_lease_period ON warder_lease (budget, starts_at);

CREATE TABLE IF NOT EXISTS warder_charge (
    try_id VARCHAR(36) NOT NULL,
    part INTEGER NOT NULL,
    budget VARCHAR(160) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    nanos BIGINT NOT NULL CHECK (nanos > 0),
    run VARCHAR(36) NOT NULL,
    PRIMARY KEY (try_id, part, budget, starts_at)
);

CREATE INDEX IF NOT EXISTS warder_charge_period ON warder_charge (budget, starts_at);

CREATE TABLE IF NOT EXISTS warder_budget_adjustment (
    budget VARCHAR(160) NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason VARCHAR(32) NOT NULL,
    nanos BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (budget, starts_at, reason)
);

CREATE TABLE IF NOT EXISTS warder_budget_node (
    run VARCHAR(36) NOT NULL PRIMARY KEY,
    node VARCHAR(64) NOT NULL,
    beat BIGINT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_budget_bound (
    client VARCHAR(256) NOT NULL,
    model VARCHAR(256) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    largest BIGINT NOT NULL CHECK (largest >= 0),
    largest_before BIGINT NOT NULL CHECK (largest_before >= 0),
    samples BIGINT NOT NULL CHECK (samples >= 0),
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (client, model, kind)
);

CREATE OR REPLACE VIEW warder_budget_check AS
SELECT budget, starts_at, SUM(leased_part) AS leased_differs, SUM(unknown_part) AS unknown_differs,
    SUM(spent_part) AS spent_differs, SUM(cap_part) AS out_of_cap
FROM (
    SELECT budget, starts_at, leased AS leased_part, held_unknown AS unknown_part,
        spent + overage AS spent_part,
        spent + overage + held_unknown + leased - cap_target AS cap_part
    FROM warder_budget_period
    UNION ALL
    SELECT budget, starts_at, CASE WHEN state = 'live' THEN drawn - granted ELSE 0 END, -held_unknown, 0, 0
    FROM warder_lease
    UNION ALL
    SELECT budget, starts_at, 0, 0, -nanos, 0 FROM warder_charge
    UNION ALL
    SELECT budget, starts_at, 0, 0, -nanos, 0 FROM warder_budget_adjustment) parts
GROUP BY budget, starts_at;
