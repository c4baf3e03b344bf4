package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.DatabaseSchema.SchemaException;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport.Requests;
import dev.warder.ledger.store.LedgerReport.Share;
import dev.warder.ledger.store.LedgerReport.Times;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.LedgerReport.UsageSlot;
import dev.warder.ledger.store.Rollup;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes reports of what the database has and of what was counted in this process. The counts in memory are newer than those that this
 * process has written for the same time, and replace them. A part that fails is left out; after a failure of the connection the
 * parts after it are left out too, so that a caller waits only once for a database that is away.
 *
 * <p>Sums of slots, clients and models come from {@code warder_usage}, those of classes from {@code
 * warder_class_usage}, and those of sessions from the rows of {@code
 * warder_ledger} by the index of their ends. Each statement returns few rows, and is cancelled by the limit of all statements.
 *
 * <p>H2 keeps all groups in memory, and a lack of memory ends it. Clients choose the names of sessions: such names are only
 * grouped where they cost something, so that no client can send millions for nothing.
 *
 * @param node the name of this node
 */
record ReportReader(RepeatableTransactions transactions, String node, Rollup rollup) {
    private static final Logger LOG = LoggerFactory.getLogger(ReportReader.class);

    private static final String USAGE =
            """
            SELECT SUM(row_count) AS "rows", SUM(input_tokens) AS input, SUM(write_5m_tokens) AS write5m,
                SUM(write_1h_tokens) AS write1h, SUM(read_tokens) AS "read", SUM(output_tokens) AS output,
                SUM(billed_nanos) AS "billedNanos", SUM(own_nanos) AS "ownNanos", MAX(last_at) AS "last"
            """;

    private static final String OF_PERIOD =
            """
            WHERE step = :step.word AND starts_at >= :from AND starts_at < :to AND (:node = '' OR node = :node)
            """;

    private static final String KEPT = "FROM warder_usage " + OF_PERIOD;

    /** Where a row was replaced and no other was added, sums of nothing are left. */
    private static final String NOT_EMPTY = " HAVING SUM(row_count) > 0 OR SUM(billed_nanos + own_nanos) > 0 ";

    /** First by the time, since there are few times: the slot of each row takes H2 eight times as long. */
    private static final String SLOTS = USAGE + ", slot FROM (SELECT "
            + """
            SUM(row_count) AS row_count, SUM(input_tokens) AS input_tokens, SUM(write_5m_tokens) AS write_5m_tokens,
                SUM(write_1h_tokens) AS write_1h_tokens, SUM(read_tokens) AS read_tokens,
                SUM(output_tokens) AS output_tokens, SUM(billed_nanos) AS billed_nanos, SUM(own_nanos) AS own_nanos,
                MAX(last_at) AS last_at, FLOOR(EXTRACT(EPOCH FROM starts_at) / CAST(:slot.toSeconds AS BIGINT)) AS slot
            """
            + KEPT + "GROUP BY starts_at) part GROUP BY slot" + NOT_EMPTY + "ORDER BY slot FETCH FIRST 201 ROWS ONLY";

    private static final String DEAREST =
            " ORDER BY SUM(billed_nanos + own_nanos) DESC, SUM(row_count) DESC, title FETCH FIRST 10 ROWS ONLY";

    private static final String CLIENTS = USAGE + ", client AS title, CAST(NULL AS VARCHAR(1)) AS caller " + KEPT
            + " GROUP BY client" + NOT_EMPTY + DEAREST;

    private static final String MODELS = USAGE + ", model AS title, CAST(NULL AS VARCHAR(1)) AS caller " + KEPT
            + " AND (model <> '' OR billed_nanos + own_nanos > 0) GROUP BY model" + NOT_EMPTY + DEAREST;

    private static final String CLASSES = USAGE
            + ", request_class AS title, CASE WHEN client IN (<clients>) THEN client END AS caller "
            + "FROM warder_class_usage " + OF_PERIOD + " GROUP BY title, caller";

    private static final String SESSIONS =
            """
            SELECT COUNT(*) AS "rows", SUM(input_tokens) AS input, SUM(write_5m_tokens) AS write5m,
                SUM(write_1h_tokens) AS write1h, SUM(read_tokens) AS "read", SUM(output_tokens) AS output,
                SUM(CASE WHEN billed THEN cost_nanos ELSE 0 END) AS "billedNanos",
                SUM(CASE WHEN billed THEN 0 ELSE cost_nanos END) AS "ownNanos",
                MAX(ended_at) AS "last", session_id AS title, client AS caller
            FROM warder_ledger
            WHERE ended_at >= :from AND ended_at < :to AND (:node = '' OR node = :node)
                AND session_id IS NOT NULL AND cost_nanos > 0
            GROUP BY session_id, client
            ORDER BY SUM(cost_nanos) DESC, COUNT(*) DESC, session_id
            FETCH FIRST 10 ROWS ONLY
            """;

    /** A day of 13 nodes by minute, which is more than a plot needs. */
    private static final String COUNTS =
            """
            SELECT starts_at AS starts, run, requests, refusals, failures, first_byte, added_latency FROM warder_rollup
            WHERE step = :step.word AND starts_at >= :from AND starts_at < :to AND (:node = '' OR node = :node)
            ORDER BY starts_at DESC
            FETCH FIRST 20000 ROWS ONLY
            """;

    /** A row of {@code warder_rollup}. */
    private record CountsRow(
            Instant starts,
            String run,
            long requests,
            long refusals,
            long failures,
            String firstByte,
            String addedLatency) {}

    private record SlotRow(long slot, @Nested Usage sums) {}

    /** Sums of a client, a model, a class, or a session; the last two have a caller. */
    private record ShareRow(String title, @Nullable String caller, Instant last, @Nested Usage sums) {
        Share share() {
            return new Share(text(title), text(caller), last, sums);
        }

        private static Optional<String> text(@Nullable String value) {
            return Optional.ofNullable(value).filter(text -> !text.isEmpty());
        }
    }

    ReportReader(DataSource source, String node, Rollup rollup) {
        this(new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER), node, rollup);
    }

    /** One report. One thread at a time. */
    private static final class Parts {
        private final RepeatableTransactions transactions;
        private boolean away;

        Parts(RepeatableTransactions transactions) {
            this.transactions = transactions;
        }

        <T> Optional<T> part(RepeatableTransactions.Step<T, RuntimeException> part) {
            if (away) {
                return Optional.empty();
            }
            try {
                return Optional.of(transactions.run(part));
            } catch (SQLException | RuntimeException failed) {
                LOG.debug(
                        "a part of a report of the ledger cannot be read: {}",
                        failed.getClass().getSimpleName());
                away = failed instanceof SchemaException || failed instanceof SQLException sql && isConnection(sql);
                return Optional.empty();
            }
        }

        private static boolean isConnection(SQLException failed) {
            return Objects.requireNonNullElse(failed.getSQLState(), "").startsWith("08");
        }
    }

    LedgerReport read(LedgerPeriod period) {
        var parts = new Parts(transactions);
        var clients = parts.part(handle -> shares(query(handle, CLIENTS, period)));
        return new LedgerReport(
                parts.part(handle -> counts(handle, period)),
                parts.part(handle -> query(handle, SLOTS, period)
                        .mapTo(SlotRow.class)
                        .map(row -> new UsageSlot(period.starts(row.slot), row.sums))
                        .list()),
                clients,
                parts.part(handle -> shares(query(handle, MODELS, period))),
                parts.part(handle ->
                        shares(query(handle, CLASSES, period).bindList("clients", names(clients.orElse(List.of()))))),
                // The last: it alone reads the ledger itself, which may have as many sessions as rows.
                parts.part(handle -> shares(query(handle, SESSIONS, period))));
    }

    private static List<Share> shares(Query query) {
        return query.mapTo(ShareRow.class).map(ShareRow::share).list();
    }

    /** Never empty: an empty name is that of no client. */
    private static List<String> names(List<Share> clients) {
        return Statements.filled(
                Stream.concat(clients.stream().map(client -> client.name().orElse("")), Stream.of(""))
                        .toList());
    }

    private Query query(Handle handle, String sql, LedgerPeriod period) {
        return handle.createQuery(sql).bindMethods(period).bind("node", period.allNodes() ? "" : node);
    }

    private LedgerReport.Counts counts(Handle handle, LedgerPeriod period) {
        // Before the database is read: what is forgotten meanwhile was written.
        var open = rollup.entries(period.step(), period.from(), period.to());
        var slots = new TreeMap<Instant, Rollup.Counts>();
        open.values().forEach(each -> slot(slots, period, each.slot().starts()).add(each.counts()));
        query(handle, COUNTS, period).mapTo(CountsRow.class).forEach(row -> {
            if (!open.containsKey(row.run)) {
                var counts = slot(slots, period, row.starts);
                counts.add(row.requests, row.refusals, row.failures);
                counts.firstByte().add(row.firstByte);
                counts.added().add(row.addedLatency);
            }
        });
        var all = new Rollup.Counts();
        var requests = new ArrayList<Requests>();
        slots.forEach((starts, counts) -> {
            all.add(counts);
            requests.add(requests(starts, counts));
        });
        return new LedgerReport.Counts(requests, Times.of(all.firstByte()), Times.of(all.added()));
    }

    private static Rollup.Counts slot(Map<Instant, Rollup.Counts> slots, LedgerPeriod period, Instant starts) {
        return slots.computeIfAbsent(period.slotOf(starts), none -> new Rollup.Counts());
    }

    private static Requests requests(Instant starts, Rollup.Counts counts) {
        return new Requests(
                starts,
                counts.requests(),
                counts.refusals(),
                counts.failures(),
                Times.of(counts.firstByte()),
                Times.of(counts.added()));
    }
}
