package dev.warder.standalone;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.h2.tools.Csv;

/**
 * The tables of this application, with the statements that copy them from H2 to PostgreSQL. No table refers to another one, so
 * that the order does not matter.
 */
enum CopiedTable {
    OAUTH_TOKEN("SELECT * FROM warder_oauth_token"),
    LEDGER("SELECT * FROM warder_ledger"),
    INTENT("SELECT * FROM warder_intent"),
    NODE("SELECT * FROM warder_node"),
    ROLLUP("SELECT * FROM warder_rollup"),
    USAGE("SELECT * FROM warder_usage"),
    POLICY("SELECT * FROM warder_policy", "DELETE FROM warder_policy WHERE highest = 0"),
    BUDGET_PERIOD("SELECT * FROM warder_budget_period"),
    LEASE("SELECT * FROM warder_lease"),
    CHARGE("SELECT * FROM warder_charge"),
    BUDGET_ADJUSTMENT("SELECT * FROM warder_budget_adjustment"),
    BUDGET_NODE("SELECT * FROM warder_budget_node"),
    BUDGET_BOUND("SELECT * FROM warder_budget_bound"),
    LIMIT("SELECT * FROM warder_limit"),
    LIMIT_SLOT("SELECT * FROM warder_limit_slot"),
    LIMIT_NODE("SELECT * FROM warder_limit_node"),
    POLICY_REVISION("SELECT * FROM warder_policy_revision", "DELETE FROM warder_policy_revision WHERE revision = 0"),
    POLICY_OBJECT("SELECT * FROM warder_policy_object"),
    ACCESS_TOKEN("SELECT * FROM warder_access_token"),
    AUDIT("SELECT * FROM warder_audit"),
    IDEMPOTENCY("SELECT * FROM warder_idempotency"),
    RECONCILIATION_LEASE("SELECT * FROM warder_reconciliation_lease"),
    RECONCILIATION_DAY("SELECT * FROM warder_reconciliation_day"),
    RECONCILIATION_LINE("SELECT * FROM warder_reconciliation_line"),
    ADJUSTMENT("SELECT * FROM warder_adjustment"),
    INCREASE_REQUEST("SELECT * FROM warder_increase_request");

    /** A gateway that starts meanwhile waits; one that writes makes this fail. */
    private static final String LOCK =
            """
            LOCK TABLE warder_oauth_token, warder_ledger, warder_intent, warder_node, warder_rollup, warder_usage, warder_policy,
                warder_budget_period, warder_lease, warder_charge, warder_budget_adjustment, warder_budget_node,
                warder_budget_bound, warder_limit, warder_limit_slot, warder_limit_node, warder_policy_revision,
                warder_policy_object, warder_access_token, warder_audit, warder_idempotency, warder_reconciliation_lease,
                warder_reconciliation_day, warder_reconciliation_line, warder_adjustment, warder_increase_request
            IN EXCLUSIVE MODE NOWAIT
            """;

    private static final String COUNT =
            """
            SELECT COUNT(*) FROM information_schema.tables
            WHERE table_schema = CURRENT_SCHEMA AND table_type = 'BASE TABLE' AND LOWER(table_name) LIKE 'warder_%'
            """;

    /** Without it H2 keeps all rows of a table before the first one is sent. */
    private static final String LAZY = "SET LAZY_QUERY_EXECUTION TRUE";

    private final String select;

    /** Deletes the row that the table has from its beginning, unless it was changed; empty for a table that begins empty. */
    private final String clear;

    CopiedTable(String select) {
        this(select, "");
    }

    CopiedTable(String select, String clear) {
        this.select = select;
        this.clear = clear;
    }

    String tableName() {
        return String.join("_", "warder", name().toLowerCase(Locale.ROOT));
    }

    /**
     * Locks all tables until the end of the transaction.
     *
     * @throws SQLException with the state 55P03 if another transaction uses them
     */
    static void lock(Connection to) throws SQLException {
        try (var statement = to.createStatement()) {
            statement.execute(LOCK);
        }
    }

    /**
     * Makes an H2 ready to be read, and returns whether it has no tables of a later version.
     *
     * @throws SQLException if the database fails
     */
    static boolean areAllOf(Connection from) throws SQLException {
        try (var statement = from.createStatement()) {
            statement.execute(LAZY);
            try (var rows = statement.executeQuery(COUNT)) {
                return rows.next() && rows.getInt(1) == values().length + 1;
            }
        }
    }

    /**
     * Whether it has no rows but that which it has from its beginning, which is deleted.
     *
     * @throws SQLException if the database fails
     */
    boolean isUnused(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!clear.isEmpty()) {
                statement.executeUpdate(clear);
            }
            statement.setMaxRows(1);
            try (var rows = statement.executeQuery(select)) {
                return !rows.next();
            }
        }
    }

    /**
     * Copies all rows, and returns how many.
     *
     * @param from a connection to an H2
     * @param to a connection to a PostgreSQL
     * @throws IOException if the databases count the rows differently
     * @throws SQLException if a database fails; H2 may throw a RuntimeException then
     */
    long copy(Connection from, Connection to) throws SQLException, IOException {
        try (var statement = from.createStatement();
                var rows = statement.executeQuery(select)) {
            var load = new PostgresRows(to, tableName());
            var csv = new Csv();
            csv.setWriteColumnHeader(false);
            long written = csv.write(new OutputStreamWriter(load.stream(), StandardCharsets.UTF_8), rows);
            if (load.taken() != written) {
                throw new IOException("the databases count the rows of a table differently");
            }
            return written;
        }
    }
}
