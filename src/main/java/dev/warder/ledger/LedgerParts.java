package dev.warder.ledger;

import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.LimitedSource;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Journal;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.ledger.store.Rollup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a {@link Ledger}: a database, and a journal where {@code data.dir} is set.
 *
 * @param node the name of this node in the tables, which no other one has at the same time
 * @param journal present with {@code data.dir}
 */
record LedgerParts(
        String node,
        Readers readers,
        Backlog backlog,
        LedgerWriter writer,
        Rollup rollup,
        LedgerMaintenance maintenance,
        Optional<Journal> journal) {
    /**
     * The stores that are read; nothing else waits for any of them.
     *
     * @param exported for exports
     * @param reported for reports
     * @param grouped for administrators
     */
    record Readers(DatabaseStore exported, ReportReader reported, DatabaseGroups grouped) {}

    private static final Logger LOG = LoggerFactory.getLogger(LedgerParts.class);

    /** How long the start waits for a folder that is in use, and how often it tries. */
    private static final Duration WAIT = Duration.ofSeconds(15);

    private static final long TRY_MILLIS = 100;
    private static final Pattern NODE = Pattern.compile("[0-9a-z-]{1,64}");

    /** @throws ConfigException when {@code data.dir} cannot be used */
    static LedgerParts inDatabase(
            LedgerSettings settings, DatabaseSettings place, DataSource database, LedgerEnvironment around) {
        var folder = place.journal();
        var journal = folder.map(each -> journal(each, around));
        if (journal.isPresent()) {
            LOG.info("Ledger: rows are stored in jdbc/warder, with a journal in data.dir");
        } else if (!settings.isDemo()) {
            LOG.warn(
                    "Ledger: rows wait in memory for jdbc/warder, because data.dir is not set: a kill of the process loses those"
                            + " of the last second, and the requests that are open");
        }
        var run = UUID.randomUUID().toString();
        var node = folder.map(each -> name(each, run)).orElse(run);
        var stored = new DatabaseStore(limited(database, around), node);
        var rollup = new Rollup(around.clock(), Rollup.KEPT);
        var maintenance = new LedgerMaintenance(stored, rollup, settings.retention(), around);
        var backlog = journal.<Backlog>map(each -> each).orElseGet(Backlog.InMemory::new);
        return new LedgerParts(
                node,
                new Readers(
                        new DatabaseStore(limited(database, around), node),
                        new ReportReader(limited(database, around), node, rollup),
                        new DatabaseGroups(limited(database, around))),
                backlog,
                new LedgerWriter(stored, backlog, maintenance, around.nanoTime()),
                rollup,
                maintenance,
                journal);
    }

    /** Each has a limit of its own: one that waits for a connection does not refuse the others. */
    private static DataSource limited(DataSource database, LedgerEnvironment around) {
        return new LimitedSource(database, around.threads());
    }

    private static Journal journal(Path folder, LedgerEnvironment around) {
        try {
            return opened(folder, around).orElseThrow(() -> problem("is in use by another process or application"));
        } catch (IOException unusable) {
            throw problem(
                    "cannot be created, read or written (" + unusable.getClass().getSimpleName() + ")");
        }
    }

    /** Another deployment of this application, which ends now, may have the folder for some seconds. */
    private static Optional<Journal> opened(Path folder, LedgerEnvironment around) throws IOException {
        long began = around.nanoTime().getAsLong();
        while (true) {
            var journal = Journal.open(folder, around);
            if (journal.isPresent() || around.nanoTime().getAsLong() - began >= WAIT.toNanos()) {
                return journal;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    /** Made once, and kept in the file {@code node} of a folder that this process has locked. */
    private static String name(Path folder, String fresh) {
        var file = folder.resolve("node");
        try {
            if (Files.exists(file)) {
                var name = Files.readString(file).strip();
                if (NODE.matcher(name).matches()) {
                    return name;
                }
            }
            Files.writeString(file, fresh + "\n", StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException unusable) {
            LOG.debug(
                    "the name of the node is not kept: {}", unusable.getClass().getSimpleName());
        }
        return fresh;
    }

    private static ConfigException problem(String what) {
        return new ConfigException(List.of(Setting.DATA_DIR.publicName() + ": " + what));
    }

    /**
     * The periodic work in the database: counts by minute and hour, rows and charges that are too old, and intents that
     * nodes of older versions have left. One thread at a time.
     */
    static final class LedgerMaintenance implements LedgerWriter.Maintenance {
        private static final Duration ALIVE = Duration.ofSeconds(10);
        private static final Duration ROLLUP = Duration.ofSeconds(30);
        private static final Duration RETENTION = Duration.ofMinutes(10);
        private static final Duration SOON = Duration.ofSeconds(1);

        private static final Duration MINUTES_KEPT = Duration.ofDays(8);

        private static final Duration USAGE_MINUTES_KEPT = Duration.ofDays(2);

        private static final int DELETED_AT_ONCE = 1000;

        private final DatabaseStore store;
        private final Rollup rollup;
        private final Duration retention;
        private final InstantSource clock;
        private long aliveAt;
        private long rollupAt;
        private long retentionAt;

        LedgerMaintenance(DatabaseStore store, Rollup rollup, Duration retention, LedgerEnvironment around) {
            this.store = store;
            this.rollup = rollup;
            this.retention = retention;
            this.clock = around.clock();
            aliveAt = around.nanoTime().getAsLong();
            retentionAt = aliveAt;
            rollupAt = aliveAt + ROLLUP.toNanos();
        }

        @Override
        public void run(long nanoTime) throws SQLException {
            if (nanoTime - aliveAt >= 0) {
                lookAtNodes();
                aliveAt = nanoTime + ALIVE.toNanos();
            }
            if (nanoTime - rollupAt >= 0) {
                writeRollup();
                rollupAt = nanoTime + ROLLUP.toNanos();
            }
            if (nanoTime - retentionAt >= 0) {
                // Before the attempt: one that fails each time must not be the only thing that is tried.
                retentionAt = nanoTime + RETENTION.toNanos();
                if (deleteOld()) {
                    retentionAt = nanoTime + SOON.toNanos();
                }
            }
        }

        private void lookAtNodes() throws SQLException {
            int settled = store.settleLeft(clock.instant());
            if (settled > 0) {
                LOG.warn("{} requests of a node that no longer runs have no known outcome", settled);
            }
        }

        private boolean deleteOld() throws SQLException {
            var now = clock.instant();
            store.deleteRollups(now.minus(MINUTES_KEPT), now.minus(retention));
            store.deleteUsage(now.minus(USAGE_MINUTES_KEPT), now.minus(retention));
            boolean moreCharges = store.deleteBudgets(now.minus(retention)) >= DELETED_AT_ONCE;
            return store.deleteRows(now.minus(retention)) >= DELETED_AT_ONCE || moreCharges;
        }

        void writeRollup() throws SQLException {
            var asOf = clock.instant();
            var entries = rollup.entries();
            if (!entries.isEmpty()) {
                store.write(entries);
                rollup.written(entries, asOf);
            }
        }
    }
}
