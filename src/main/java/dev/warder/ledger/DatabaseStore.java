package dev.warder.ledger;

import dev.warder.database.Checkpoint;
import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.http.Dialect;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerRow;
import dev.warder.ledger.store.OldPeriods;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.Rollup;
import dev.warder.ledger.store.Settling;
import dev.warder.ledger.store.Settling.Charge;
import dev.warder.usage.UsageRow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in a database. Rows are stored once: all are inserted in one transaction, and when one of them is there
 * already, for example from another node, the transaction is done again with those that are missing. Rows are charged to
 * budgets in the transaction that inserts them, and therefore once. Thread-safe.
 */
public final class DatabaseStore {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseStore.class);
    /** The most requests of one transaction; nearly all have one row. */
    private static final int REQUESTS = 1000;

    private static final String DELETE_USAGE = "DELETE FROM warder_usage WHERE step = ? AND starts_at < ?";
    private static final String DELETE_CLASSES = "DELETE FROM warder_class_usage WHERE step = ? AND starts_at < ?";
    private static final String UPDATE_ROLLUP =
            """
            UPDATE warder_rollup SET requests = :counts.requests, refusals = :counts.refusals, failures = :counts.failures,
                first_byte = :counts.firstByte.text, added_latency = :counts.added.text
            WHERE step = :slot.step.word AND starts_at = :slot.starts AND run = :id
            """;

    private static final String INSERT_ROLLUP =
            """
            INSERT INTO warder_rollup
                (requests, refusals, failures, first_byte, added_latency, step, starts_at, run, node)
            VALUES (:counts.requests, :counts.refusals, :counts.failures, :counts.firstByte.text, :counts.added.text,
                :slot.step.word, :slot.starts, :id, :node)
            """;
    private static final String DELETE_ROLLUPS = "DELETE FROM warder_rollup WHERE step = ? AND starts_at < ?";

    /**
     * Requests that older versions were about to send, where they had no {@code data.dir}: those of nodes that have not been seen
     * lately, by the database's clock; this node looks every 10 s, so within a minute.
     */
    private static final String LEFT =
            """
            SELECT try_id, request_id, admitted_at, client, session_id, dialect, model_asked FROM warder_intent
            WHERE NOT EXISTS (
                SELECT 1 FROM warder_node
                WHERE warder_node.run = warder_intent.run
                    AND warder_node.seen_at > CURRENT_TIMESTAMP - INTERVAL '45' SECOND)
            ORDER BY try_id
            FETCH FIRST 200 ROWS ONLY
            """;

    private static final String DELETE_INTENT = "DELETE FROM warder_intent WHERE try_id = ?";

    /** A row of {@code warder_intent}. */
    private record LeftIntent(
            UUID tryId,
            String requestId,
            Instant admittedAt,
            Optional<String> client,
            Optional<String> sessionId,
            @Nullable String dialect,
            Optional<String> modelAsked) {
        Intent intent() {
            var spoken = Dialect.OPENAI.name().equals(dialect) ? Dialect.OPENAI : Dialect.ANTHROPIC;
            var caller = new UsageRow.Caller(requestId, client, sessionId, Optional.empty(), spoken);
            return new Intent(tryId, admittedAt, caller, modelAsked, Optional.empty());
        }
    }

    /**
     * The position after a row.
     *
     * @param tryId may be empty, which is before all ids
     */
    public record Position(Instant ended, String tryId, long part) {
        public static Position before(Instant time) {
            return new Position(time, "", -1);
        }

        public static Position after(LedgerRow row) {
            return new Position(
                    row.get(Column.ENDED_AT, Instant.class), row.text(Column.TRY_ID), row.number(Column.PART));
        }
    }

    private final String node;
    private final RepeatableTransactions transactions;
    private final Checkpoint checkpoint;
    private final LedgerTable rows;

    /**
     * Whether rows may be there already: at the start, when a journal is read again, and until a group had none of them. It
     * only saves work; no row is stored twice, whatever it is.
     */
    private volatile boolean repeats = true;

    public DatabaseStore(DataSource source, String node) {
        this.node = node;
        this.transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER);
        this.checkpoint = new Checkpoint(source);
        this.rows = new LedgerTable(node);
    }

    /**
     * Stores the rows that are not there yet, and removes the unknown rows of their intents.
     *
     * @return how many rows cannot be stored, now or later
     * @throws SQLException when the database fails; part of the rows may be stored, and all can be stored again
     */
    public int store(List<Intent.Settled> settled) throws SQLException {
        return store(settled, REQUESTS);
    }

    /** Stores at most {@code most} requests in one transaction. */
    private int store(List<Intent.Settled> settled, int most) throws SQLException {
        int refused = 0;
        for (var group : Statements.parts(settled, most)) {
            refused += storeGroup(group);
        }
        return refused;
    }

    /** Gives back what killed runs had reserved of budgets and neither spent nor hold. It may be repeated. */
    public void giveBack(Map<UUID, Map<PeriodKey, Long>> killed) throws SQLException {
        for (var each : killed.entrySet()) {
            int changed = Settling.giveBack(transactions, each.getKey(), each.getValue());
            if (changed > 0) {
                LOG.info("Budgets: {} leases of a killed run have only what its open requests held", changed);
            }
        }
    }

    /** Makes durable what was stored before, where the database does not do so at once. */
    public void makeDurable() throws SQLException {
        checkpoint.run();
    }

    /** The next 200 rows in the order of their ends; empty after the last one. */
    public List<LedgerRow> page(Position after, Instant to) throws SQLException {
        return transactions.run(handle -> rows.page(handle, after, to));
    }

    /**
     * Makes rows of the intents that nodes of older versions have left, at most 200, and returns how many. Only the node
     * that deletes an intent writes its row: this node, another one that does the same, or the one that noted it and was
     * only thought dead.
     */
    public int settleLeft(Instant now) throws SQLException {
        return transactions.run(handle -> {
            var rest = new LinkedHashMap<UsageRow.Key, LedgerRow>();
            for (var intent : handle.select(LEFT)
                    .mapTo(LeftIntent.class)
                    .map(LeftIntent::intent)
                    .list()) {
                if (handle.execute(DELETE_INTENT, intent.id()) > 0) {
                    intent.unknown(now).rows().forEach(row -> rest.put(row.key(), row));
                }
            }
            // A row that is there already wins: the intent of a request that did not wait for it may come after it.
            rest.keySet().removeAll(rows.existing(handle, Set.copyOf(rest.keySet())));
            if (!rest.isEmpty()) {
                rows.insert(handle, List.copyOf(rest.values()));
            }
            return rest.size();
        });
    }

    /**
     * Writes counts of requests. Each counter of a process has a row of its own, whose id is in the column {@code run}, so that
     * nodes never wait for each other and a write may be repeated.
     */
    public void write(List<Rollup.Entry> entries) throws SQLException {
        transactions.run(handle -> {
            Statements.merge(handle, UPDATE_ROLLUP, INSERT_ROLLUP, entries, Map.of("node", node));
            return entries.size();
        });
    }

    /** Deletes at most 1,000 rows that ended before {@code time}, and returns how many. */
    public int deleteRows(Instant time) throws SQLException {
        return transactions.run(handle -> rows.delete(handle, time));
    }

    public void deleteUsage(Instant minutes, Instant hours) throws SQLException {
        transactions.run(handle -> deleteSteps(handle, DELETE_USAGE, minutes, hours)
                + deleteSteps(handle, DELETE_CLASSES, minutes, hours));
    }

    /**
     * Deletes charges of tries that began before {@code time}, periods of budgets that ended before it, and leases without
     * money of periods that ended more than a day ago; at most 1,000 each.
     *
     * @return how many charges were deleted
     */
    public int deleteBudgets(Instant time) throws SQLException {
        int charges = transactions.run(handle -> OldPeriods.deleteCharges(handle, time));
        transactions.run(OldPeriods::deleteLeases);
        transactions.run(handle -> OldPeriods.deletePeriods(handle, time));
        return charges;
    }

    public void deleteRollups(Instant minutes, Instant hours) throws SQLException {
        transactions.run(handle -> deleteSteps(handle, DELETE_ROLLUPS, minutes, hours));
    }

    private static int deleteSteps(Handle handle, String sql, Instant minutes, Instant hours) {
        return handle.execute(sql, Rollup.Step.MINUTE.word(), minutes)
                + handle.execute(sql, Rollup.Step.HOUR.word(), hours);
    }

    private int storeGroup(List<Intent.Settled> group) throws SQLException {
        try {
            var attempts = new AtomicInteger();
            // If one is there and was not looked for, all is done again.
            repeats = transactions.run(handle -> insert(handle, group, attempts.getAndIncrement() > 0 || repeats));
            return 0;
        } catch (SQLException failed) {
            if (!isData(failed)) {
                throw failed;
            }
            if (group.size() > 1) {
                return store(group, (group.size() + 1) / 2);
            }
            LOG.warn("A row of the ledger cannot be stored (SQL state {})", failed.getSQLState());
            return group.get(0).rows().size();
        }
    }

    /** Whether the data is the reason: a value that cannot be stored (class 22), or a key that is there already (23). */
    private static boolean isData(SQLException failed) {
        var state = Objects.requireNonNullElse(failed.getSQLState(), "");
        return state.startsWith("22") || state.startsWith("23");
    }

    /**
     * Inserts rows, charges those that were not there, and deletes the unknown rows of their intents.
     *
     * @param look whether to look first which of the rows are there; if none is likely to be, it is work for nothing
     * @return whether one was found
     * @throws SQLException also when one is there and {@code look} is false
     */
    private boolean insert(Handle handle, List<Intent.Settled> settled, boolean look) throws SQLException {
        // An earlier run that could not read the rest of a journal has made unknown rows of its intents.
        rows.deleteUnknown(
                handle, settled.stream().flatMap(each -> each.intent().stream()).toList());
        Map<UsageRow.Key, Missing> missing = new LinkedHashMap<>();
        settled.forEach(
                each -> each.rows().forEach(row -> missing.putIfAbsent(row.key(), new Missing(row, each.charged()))));
        boolean found = look && missing.keySet().removeAll(rows.existing(handle, missing.keySet()));
        if (!missing.isEmpty()) {
            rows.insert(handle, missing.values().stream().map(Missing::row).toList());
            Settling.settle(
                    handle, missing.values().stream().flatMap(Missing::charges).toList());
        }
        return found;
    }

    /** A row that is not there, and what it is charged to. */
    private record Missing(LedgerRow row, Optional<Charged> charged) {
        Stream<Charge> charges() {
            var key = row.key();
            long nanos = row.number(Column.COST_NANOS);
            return charged.filter(to -> nanos > 0).stream().flatMap(to -> to.periods().stream()
                    .distinct()
                    .map(period -> new Charge(key.tryId(), key.part(), to.run(), period, nanos)));
        }
    }
}
