package dev.warder.ledger.jdbc;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Statements;
import dev.warder.database.Transaction;
import dev.warder.ledger.store.Dimension;
import dev.warder.ledger.store.GroupReader;
import dev.warder.ledger.store.GroupSums;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Groups of the rows of {@code warder_ledger}, added by the database. Both statements read the index of the rows' ends. H2 keeps
 * the groups of a statement in memory, and clients choose the names of models: a piece must have few rows. Thread-safe.
 */
public final class DatabaseGroups implements GroupReader {
    private static final String PIECE =
            """
            SELECT ended_at FROM warder_ledger WHERE ended_at >= ? AND ended_at < ?
            ORDER BY ended_at, try_id, part
            OFFSET ? ROWS FETCH FIRST 1 ROW ONLY
            """;

    private static final String GROUPS =
            """
            SELECT slot, client, team, model, tier, speed, geo, prompt, SUM(input_tokens), SUM(write_5m_tokens),
                SUM(write_1h_tokens), SUM(read_tokens), SUM(output_tokens), SUM(web_searches), SUM(cost_usd)
            FROM (SELECT CASE WHEN ? THEN CAST(? AS BIGINT)
                        ELSE CAST(FLOOR(EXTRACT(EPOCH FROM ended_at)) AS BIGINT) / CAST(? AS BIGINT)
                        END AS slot,
                    CASE WHEN ? THEN client END AS client,
                    CASE WHEN ? THEN team END AS team,
                    CASE WHEN ? THEN COALESCE(model_answered, model_sent, model_asked) END AS model,
                    CASE WHEN ? THEN tier END AS tier,
                    CASE WHEN ? THEN speed END AS speed,
                    CASE WHEN ? THEN geo END AS geo,
                    CASE WHEN ? THEN
                        CASE WHEN input_tokens + write_5m_tokens + write_1h_tokens + read_tokens > 200000
                            THEN 'long' ELSE 'short' END
                        END AS prompt,
                    input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens, web_searches, cost_usd
                FROM warder_ledger
                WHERE ended_at >= ? AND ended_at < ? AND billed
                    AND (input_tokens > 0 OR write_5m_tokens > 0 OR write_1h_tokens > 0 OR read_tokens > 0
                        OR output_tokens > 0 OR web_searches > 0 OR cost_nanos > 0)) part
            GROUP BY slot, client, team, model, tier, speed, geo, prompt
            """;

    /** The rows that PostgreSQL's driver fetches at once: without it, it would keep all of a statement in memory. */
    private static final int FETCHED = 500;

    private final DataSource source;
    private final DatabaseSchema schema;

    /** Opens no connection yet. */
    public DatabaseGroups(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.BUDGETS);
    }

    @Override
    public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) throws SQLException {
        schema.bringUpToDate();
        try (var transaction = Transaction.begin(source);
                var select = Statements.limited(transaction.connection().prepareStatement(PIECE))) {
            select.setObject(1, LedgerTable.at(from));
            select.setObject(2, LedgerTable.at(to));
            select.setInt(3, rows);
            try (var found = select.executeQuery()) {
                return found.next()
                        ? Optional.of(found.getObject(1, OffsetDateTime.class).toInstant())
                        : Optional.empty();
            }
        }
    }

    @Override
    public void read(Query query, Groups groups) throws SQLException {
        schema.bringUpToDate();
        try (var transaction = Transaction.begin(source);
                var select = Statements.limited(transaction.connection().prepareStatement(GROUPS))) {
            int at = 1;
            // H2 takes longer for the number of a slot than for all sums of the row.
            long first = query.slotNumber(query.from());
            select.setBoolean(at++, first == query.slotNumber(query.to().minusMillis(1)));
            select.setLong(at++, first);
            select.setLong(at++, query.slot().toSeconds());
            for (var dimension : Dimension.values()) {
                select.setBoolean(at++, query.by().contains(dimension));
            }
            select.setObject(at++, LedgerTable.at(query.from()));
            select.setObject(at, LedgerTable.at(query.to()));
            select.setFetchSize(FETCHED);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    groups.add(group(query, rows));
                }
            }
        }
    }

    private static Group group(Query query, ResultSet rows) throws SQLException {
        int at = 1;
        var starts = query.starts(rows.getLong(at++));
        var names = new ArrayList<String>();
        for (int i = 0; i < Dimension.values().length; i++) {
            names.add(Objects.requireNonNullElse(rows.getString(at++), ""));
        }
        var sums = new GroupSums(
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                rows.getLong(at++),
                Objects.requireNonNullElse(rows.getBigDecimal(at), BigDecimal.ZERO));
        return new Group(starts, names, sums);
    }
}
