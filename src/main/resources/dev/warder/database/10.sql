-- warder_increase_request has the requests of clients for higher spend limits, which only older versions wrote. pending is
-- TRUE for one that no administrator had decided about, and NULL afterwards, so that a client has at most one of a period
-- that is pending.

CREATE TABLE IF NOT EXISTS warder_increase_request (
    number BIGINT NOT NULL PRIMARY KEY,
    client VARCHAR(64) NOT NULL,
    budget_period VARCHAR(16) NOT NULL,
    asked_cents BIGINT,
    reason VARCHAR(500) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    pending BOOLEAN,
    granted_cents BIGINT,
    resolved_at TIMESTAMP WITH TIME ZONE,
    resolved_by VARCHAR(200),
    UNIQUE (client, budget_period, pending)
);
