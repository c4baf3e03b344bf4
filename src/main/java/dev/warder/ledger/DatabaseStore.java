package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Transaction;
import dev.warder.usage.UsageRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in a database. Rows are stored once: what is there is selected first, and when another node inserts the same row
 * at the same time, the statement fails and the whole is done again. Thread-safe.
 */
final class DatabaseStore implements LedgerStore {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseStore.class);
    private static final int ATTEMPTS = 3;

    private final DataSource source;
    private final DatabaseSchema schema;
    private final LedgerTable rows;
    private final IntentTable intents;
    private final RollupTable rollups;
    private final SumsTable sums;

    /** Whether this run is in the table of nodes. */
    private volatile boolean seen;

    /**
     * Opens no connection yet.
     *
     * @param node the name of this node
     * @param run the id of this run of it
     */
    DatabaseStore(DataSource source, String node, String run) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.LEDGER);
        this.rows = new LedgerTable(node);
        this.intents = new IntentTable(node, run);
        this.rollups = new RollupTable(node, run);
        this.sums = new SumsTable(node);
    }

    /** The work of one transaction. */
    private interface Step<T> {
        T with(Connection connection) throws SQLException;
    }

    @Override
    public int store(List<Intent.Settled> settled) throws SQLException {
        int refused = 0;
        for (var group : groups(settled)) {
            refused += storeGroup(group);
        }
        return refused;
    }

    @Override
    public List<Line> page(Position after, Instant to) throws SQLException {
        return inTransaction(connection -> rows.page(connection, after, to));
    }

    @Override
    public StoredSums sums(LedgerPeriod period) throws SQLException {
        return inTransaction(connection -> new StoredSums(
                rollups.read(connection, period),
                sums.slots(connection, period),
                sums.clients(connection, period),
                sums.models(connection, period),
                sums.sessions(connection, period)));
    }

    /** Makes intents durable. */
    void note(List<Intent> noted) throws SQLException {
        twice(connection -> {
            if (!seen) {
                // Before its intents are: they would count as those of a node that no longer lives.
                intents.seen(connection);
            }
            intents.insert(connection, noted);
            return noted.size();
        });
        seen = true;
    }

    /** Notes that this node lives. */
    void seen() throws SQLException {
        twice(connection -> {
            intents.seen(connection);
            return true;
        });
    }

    /** Two threads of one run may make its row in the table of nodes at the same time: the second one then finds it. */
    private <T> void twice(Step<T> step) throws SQLException {
        try {
            inTransaction(step);
        } catch (SQLException failed) {
            if (!isKey(failed)) {
                throw failed;
            }
            inTransaction(step);
        }
    }

    /**
     * Makes rows of the intents of nodes that no longer live, at most 200, and returns how many. Only the node that deletes an intent
     * writes its row: this node, another one that does the same, or the one that noted it and was only thought dead.
     */
    int settleLeft(Instant now) throws SQLException {
        return inTransaction(connection -> {
            var left = intents.left(connection);
            var rest = new ArrayList<UsageRow>();
            for (var intent : left) {
                if (intents.delete(connection, intent.id())) {
                    rest.addAll(intent.unknown(now).rows());
                }
            }
            if (!rest.isEmpty()) {
                rows.insert(connection, rest);
            }
            return rest.size();
        });
    }

    /** Writes counts, in place of what this run has written for the same times. */
    void write(List<Rollup.Entry> entries) throws SQLException {
        inTransaction(connection -> {
            rollups.write(connection, entries);
            return entries.size();
        });
    }

    /** Deletes at most 1,000 rows that ended before {@code time}, and returns how many. */
    int deleteRows(Instant time) throws SQLException {
        return inTransaction(connection -> rows.delete(connection, time));
    }

    /** Deletes counts by minute and by hour that are older. */
    void deleteRollups(Instant minutes, Instant hours) throws SQLException {
        inTransaction(connection -> {
            rollups.delete(connection, minutes, hours);
            return true;
        });
    }

    /** Groups whose ids fit into one statement. */
    private static List<List<Intent.Settled>> groups(List<Intent.Settled> settled) {
        var groups = new ArrayList<List<Intent.Settled>>();
        var group = new ArrayList<Intent.Settled>();
        int ids = 0;
        for (var each : settled) {
            int more = each.rows().size();
            if (ids + more > LedgerTable.IDS && !group.isEmpty()) {
                groups.add(group);
                group = new ArrayList<>();
                ids = 0;
            }
            group.add(each);
            ids += more;
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    private int storeGroup(List<Intent.Settled> group) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return inTransaction(connection -> insertMissing(connection, group));
            } catch (SQLException failed) {
                if (!isData(failed)) {
                    throw failed;
                }
                if (attempt == ATTEMPTS) {
                    return storeSingly(group, failed);
                }
            }
        }
    }

    /** One row that no database takes must not keep all others out. */
    private int storeSingly(List<Intent.Settled> group, SQLException failed) throws SQLException {
        if (group.size() == 1) {
            LOG.warn("A row of the ledger cannot be stored (SQL state {})", failed.getSQLState());
            return group.get(0).rows().size();
        }
        int refused = 0;
        for (var each : group) {
            refused += storeGroup(List.of(each));
        }
        return refused;
    }

    private int insertMissing(Connection connection, List<Intent.Settled> group) throws SQLException {
        Map<UsageRow.Key, UsageRow> missing = new LinkedHashMap<>();
        group.forEach(each -> each.rows().forEach(row -> missing.putIfAbsent(row.key(), row)));
        var ids = missing.keySet().stream().map(UsageRow.Key::tryId).distinct().toList();
        for (int from = 0; from < ids.size(); from += LedgerTable.IDS) {
            var some = ids.subList(from, Math.min(ids.size(), from + LedgerTable.IDS));
            missing.keySet().removeAll(rows.existing(connection, some));
        }
        if (!missing.isEmpty()) {
            rows.insert(connection, List.copyOf(missing.values()));
        }
        for (var each : group) {
            if (each.intent().isPresent()) {
                endIntent(connection, each.intent().get());
            }
        }
        return 0;
    }

    /** A node that came to life again has the rows of an intent that another one has made an unknown row of. */
    private void endIntent(Connection connection, UUID intent) throws SQLException {
        if (!intents.delete(connection, intent)) {
            rows.deleteUnknown(connection, intent);
        }
    }

    private <T> T inTransaction(Step<T> step) throws SQLException {
        schema.bringUpToDate();
        try (var transaction = Transaction.begin(source)) {
            T result = step.with(transaction.connection());
            transaction.connection().commit();
            return result;
        }
    }

    /** Whether the data is the reason: a value that cannot be stored (class 22), or a key that is there already (23). */
    private static boolean isData(SQLException failed) {
        return isKey(failed)
                || Objects.requireNonNullElse(failed.getSQLState(), "").startsWith("22");
    }

    private static boolean isKey(SQLException failed) {
        return Objects.requireNonNullElse(failed.getSQLState(), "").startsWith("23");
    }
}
