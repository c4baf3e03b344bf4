package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The statements on {@code warder_lease}. The caller owns the transaction, and has locked the rows of the periods. */
final class LeaseTable {
    private static final String LIVE = "live";
    private static final String REAPED = "reaped";

    static final int MOST = 200;

    private static final String TWENTY = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

    private static final String SELECT = "SELECT budget, starts_at, granted, drawn, held_unknown, state, wanted"
            + " FROM warder_lease WHERE run = ? AND budget IN (" + TWENTY + ")";

    private static final String REAPED_OF_RUN =
            "SELECT budget FROM warder_lease WHERE run = ? AND state = 'reaped' FETCH FIRST 1 ROWS ONLY";

    private static final String LIVE_OF_RUN =
            """
            SELECT budget, starts_at FROM warder_lease WHERE run = ? AND state = 'live' ORDER BY budget, starts_at
            FETCH FIRST 200 ROWS ONLY
            """;

    private static final String USED_OF_RUN =
            """
            SELECT budget, starts_at FROM warder_lease
            WHERE run = ? AND state = 'live' AND (granted > drawn OR wanted > 0) ORDER BY budget, starts_at
            FETCH FIRST 200 ROWS ONLY
            """;

    private static final String RESERVED_OF_RUN =
            """
            SELECT budget, starts_at FROM warder_lease
            WHERE run = ? AND (held_unknown > 0 OR state = 'live' AND granted > drawn) ORDER BY budget, starts_at
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_lease (granted, drawn, held_unknown, state, wanted, wanted_since, run, budget, starts_at)
            VALUES (?, ?, ?, ?, ?,
                CASE WHEN ? = 0 THEN NULL ELSE CURRENT_TIMESTAMP - CAST(? AS INTEGER) * INTERVAL '0.001' SECOND END,
                ?, ?, ?)
            """;

    /** The time since which it waits stays the same where no other is given. */
    private static final String UPDATE =
            """
            UPDATE warder_lease SET granted = ?, drawn = ?, held_unknown = ?, state = ?, wanted = ?,
                wanted_since = CASE WHEN ? = 0 THEN NULL ELSE
                    COALESCE(CURRENT_TIMESTAMP - CAST(? AS INTEGER) * INTERVAL '0.001' SECOND, wanted_since) END
            WHERE run = ? AND budget = ? AND starts_at = ?
            """;

    private LeaseTable() {}

    static Map<PeriodKey, LeaseRow> of(Connection connection, UUID run, Collection<PeriodKey> keys)
            throws SQLException {
        var leases = new HashMap<PeriodKey, LeaseRow>();
        for (var budgets : BudgetNames.of(keys)) {
            try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
                select.setString(1, run.toString());
                budgets.set(select, 2);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        var key = Keys.read(rows, 1);
                        leases.put(
                                key,
                                new LeaseRow(
                                        run,
                                        key,
                                        rows.getLong(3),
                                        rows.getLong(4),
                                        rows.getLong(5),
                                        LIVE.equals(rows.getString(6)),
                                        rows.getLong(7),
                                        LeaseRow.AS_STORED));
                    }
                }
            }
        }
        leases.keySet().retainAll(keys);
        return leases;
    }

    static boolean isFenced(Connection connection, UUID run) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(REAPED_OF_RUN))) {
            select.setString(1, run.toString());
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** At most {@link #MOST} periods for which a run has a live lease. */
    static List<PeriodKey> liveOf(Connection connection, UUID run) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(LIVE_OF_RUN))) {
            return keys(select, run);
        }
    }

    /** At most {@link #MOST} periods in which a run has reserved something, or waits for it. */
    static List<PeriodKey> usedBy(Connection connection, UUID run) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(USED_OF_RUN))) {
            return keys(select, run);
        }
    }

    static List<PeriodKey> reservedBy(Connection connection, UUID run) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(RESERVED_OF_RUN))) {
            return keys(select, run);
        }
    }

    private static List<PeriodKey> keys(PreparedStatement select, UUID run) throws SQLException {
        var keys = new ArrayList<PeriodKey>();
        select.setString(1, run.toString());
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                keys.add(Keys.read(rows, 1));
            }
        }
        return keys;
    }

    static void insert(Connection connection, Collection<LeaseRow> rows) throws SQLException {
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            write(insert, rows);
        }
    }

    static void update(Connection connection, Collection<LeaseRow> rows) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(UPDATE))) {
            write(update, rows);
        }
    }

    private static void write(PreparedStatement statement, Collection<LeaseRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        for (var row : rows) {
            statement.setLong(1, row.granted());
            statement.setLong(2, row.drawn());
            statement.setLong(3, row.unknown());
            statement.setString(4, row.live() ? LIVE : REAPED);
            statement.setLong(5, row.wanted());
            statement.setLong(6, row.wanted());
            if (row.waited() == LeaseRow.AS_STORED) {
                statement.setNull(7, Types.INTEGER);
            } else {
                statement.setInt(7, row.waited());
            }
            statement.setString(8, row.run().toString());
            Keys.set(statement, 9, row.key());
            statement.addBatch();
        }
        statement.executeBatch();
    }

    /** 1 to 20 names of budgets, for a statement with twenty places for them. Immutable. */
    record BudgetNames(List<String> names) {
        private static final int PLACES = 20;

        BudgetNames {
            names = List.copyOf(names);
        }

        static List<BudgetNames> of(Collection<PeriodKey> keys) {
            var all = keys.stream().map(PeriodKey::budget).distinct().toList();
            var parts = new ArrayList<BudgetNames>();
            for (int from = 0; from < all.size(); from += PLACES) {
                parts.add(new BudgetNames(all.subList(from, Math.min(all.size(), from + PLACES))));
            }
            return parts;
        }

        /** Sets twenty parameters. A place that is not needed repeats the last name. */
        void set(PreparedStatement statement, int at) throws SQLException {
            for (int i = 0; i < PLACES; i++) {
                statement.setString(at + i, names.get(Math.min(i, names.size() - 1)));
            }
        }
    }
}
