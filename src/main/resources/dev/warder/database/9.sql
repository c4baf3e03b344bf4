-- warder_reconciliation_day has the days that were compared with the reports of Anthropic (numbers for keys that belong to no
-- credential are in its columns other_...), warder_reconciliation_line both sides of each day, model and credential, and
-- warder_adjustment the differences that administrators have booked. Only older versions wrote warder_reconciliation_lease,
-- the node that compares. All amounts are nano-dollars.

CREATE TABLE IF NOT EXISTS warder_reconciliation_lease (
    name VARCHAR(16) NOT NULL PRIMARY KEY,
    run VARCHAR(36) NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_reconciliation_day (
    day_utc DATE NOT NULL PRIMARY KEY,
    settled BOOLEAN NOT NULL,
    looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    other_nanos BIGINT NOT NULL,
    other_tokens BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS warder_reconciliation_line (
    day_utc DATE NOT NULL,
    model VARCHAR(256) NOT NULL,
    credential VARCHAR(64) NOT NULL,
    ledger_rows BIGINT NOT NULL,
    ledger_nanos BIGINT NOT NULL,
    ledger_input BIGINT NOT NULL,
    ledger_write_5m BIGINT NOT NULL,
    ledger_write_1h BIGINT NOT NULL,
    ledger_read BIGINT NOT NULL,
    ledger_output BIGINT NOT NULL,
    ledger_searches BIGINT NOT NULL,
    report_nanos BIGINT NOT NULL,
    report_input BIGINT NOT NULL,
    report_write_5m BIGINT NOT NULL,
    report_write_1h BIGINT NOT NULL,
    report_read BIGINT NOT NULL,
    report_output BIGINT NOT NULL,
    report_searches BIGINT NOT NULL,
    rounding_nanos BIGINT NOT NULL,
    booked_nanos BIGINT NOT NULL,
    bookings INTEGER NOT NULL,
    PRIMARY KEY (day_utc, model, credential)
);

CREATE TABLE IF NOT EXISTS warder_adjustment (
    day_utc DATE NOT NULL,
    model VARCHAR(256) NOT NULL,
    credential VARCHAR(64) NOT NULL,
    booking INTEGER NOT NULL,
    nanos BIGINT NOT NULL,
    reason VARCHAR(200) NOT NULL,
    made_by VARCHAR(200) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (day_utc, model, credential, booking)
);
