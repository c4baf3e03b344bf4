package dev.warder.spendlimit;

import dev.warder.database.Statements;
import dev.warder.policy.Period;
import dev.warder.spendlimit.IncreaseRequest.Resolution;
import dev.warder.spendlimit.IncreaseRequest.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The statements on {@code warder_increase_request}. The caller owns the transaction, in which no other request is written. */
final class IncreaseTable {
    private static final String COLUMNS = "number, client, budget_period, asked_cents, reason, made_at, pending,"
            + " granted_cents, resolved_at, resolved_by";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM warder_increase_request WHERE ";
    private static final String PENDING = SELECT + "client = ? AND budget_period = ? AND pending = TRUE";
    private static final String ONE = SELECT + "number = ?";
    private static final String TEN = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?";
    private static final String FIFTY = TEN + ", " + TEN + ", " + TEN + ", " + TEN + ", " + TEN;
    private static final String LIST =
            SELECT + "number < ? AND (CAST(? AS BOOLEAN) OR client IN (" + FIFTY + ", " + FIFTY
                    + ")) AND POSITION(LOWER(CAST(? AS VARCHAR)) IN LOWER(client)) > 0"
                    + " AND (CAST(? AS BOOLEAN) AND pending = TRUE OR CAST(? AS BOOLEAN) AND granted_cents IS NOT NULL"
                    + " OR CAST(? AS BOOLEAN) AND pending IS NULL AND granted_cents IS NULL)"
                    + " ORDER BY number DESC FETCH FIRST ? ROWS ONLY";
    private static final String NEWEST = "SELECT COALESCE(MAX(number), 0) FROM warder_increase_request";
    private static final String INSERT =
            "INSERT INTO warder_increase_request (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, TRUE, NULL, NULL, NULL)";
    private static final String RESOLVE = "UPDATE warder_increase_request SET pending = NULL, granted_cents = ?,"
            + " resolved_at = ?, resolved_by = ? WHERE number = ? AND pending = TRUE";

    private IncreaseTable() {}

    /** The pending request of a client; empty if there is none. */
    static Optional<IncreaseRequest> pending(Connection connection, String client, Period period) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(PENDING))) {
            select.setString(1, client);
            select.setString(2, period.word());
            return requests(select).stream().findFirst();
        }
    }

    /** The request of this number. */
    static Optional<IncreaseRequest> find(Connection connection, long number) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(ONE))) {
            select.setLong(1, number);
            return requests(select).stream().findFirst();
        }
    }

    /** Requests, the newest first. */
    static List<IncreaseRequest> list(Connection connection, IncreaseQuery query) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(LIST))) {
            int place = 1;
            select.setLong(place++, query.before());
            select.setBoolean(place++, query.clients().isEmpty());
            var clients = query.clients().iterator();
            for (int i = 0; i < IncreaseQuery.MOST_CLIENTS; i++) {
                // No client has an empty name.
                select.setString(place++, clients.hasNext() ? clients.next() : "");
            }
            select.setString(place++, query.part());
            for (var status : Status.values()) {
                select.setBoolean(place++, query.statuses().contains(status));
            }
            select.setInt(place, query.most());
            return requests(select);
        }
    }

    /** The number of the newest request; 0 if there is none. */
    static long newest(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(NEWEST));
                var row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Writes a request that is pending. */
    static void insert(Connection connection, IncreaseRequest request) throws SQLException {
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            insert.setLong(1, request.number());
            insert.setString(2, request.client());
            insert.setString(3, request.period().word());
            setCents(insert, 4, request.askedCents());
            insert.setString(5, request.reason());
            insert.setObject(6, request.madeAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Writes what was decided about a request that is pending. */
    static void resolve(Connection connection, long number, Resolution resolution) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(RESOLVE))) {
            setCents(update, 1, resolution.grantedCents());
            update.setObject(2, resolution.at().atOffset(ZoneOffset.UTC));
            update.setString(3, resolution.by());
            update.setLong(4, number);
            update.executeUpdate();
        }
    }

    private static void setCents(PreparedStatement statement, int place, OptionalLong cents) throws SQLException {
        if (cents.isPresent()) {
            statement.setLong(place, cents.getAsLong());
        } else {
            statement.setNull(place, Types.BIGINT);
        }
    }

    private static List<IncreaseRequest> requests(PreparedStatement select) throws SQLException {
        try (var rows = select.executeQuery()) {
            var requests = new ArrayList<IncreaseRequest>();
            while (rows.next()) {
                requests.add(request(rows));
            }
            return requests;
        }
    }

    private static IncreaseRequest request(ResultSet row) throws SQLException {
        Optional<Resolution> resolution = row.getBoolean(7)
                ? Optional.empty()
                : Optional.of(new Resolution(instant(row, 9), row.getString(10), cents(row, 8)));
        return new IncreaseRequest(
                row.getLong(1),
                row.getString(2),
                Period.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                cents(row, 4),
                row.getString(5),
                instant(row, 6),
                resolution);
    }

    private static OptionalLong cents(ResultSet row, int place) throws SQLException {
        long cents = row.getLong(place);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(cents);
    }

    private static Instant instant(ResultSet row, int place) throws SQLException {
        return row.getObject(place, OffsetDateTime.class).toInstant();
    }
}
