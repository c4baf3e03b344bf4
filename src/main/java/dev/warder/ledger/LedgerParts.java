package dev.warder.ledger;

import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.LimitedSource;
import dev.warder.ledger.jdbc.DatabaseGroups;
import dev.warder.ledger.jdbc.DatabaseIntents;
import dev.warder.ledger.jdbc.DatabaseStore;
import dev.warder.ledger.journal.Journal;
import dev.warder.ledger.journal.Surroundings;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.GroupReader;
import dev.warder.ledger.store.LedgerStore;
import dev.warder.ledger.store.LedgerWriter;
import dev.warder.ledger.store.Rollup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link Ledger} consists of: a database, with a journal or with a table of intents.
 *
 * @param node the name of this node in the tables, which no other one has at the same time
 * @param exported the store that exports read; nothing else waits for it
 * @param reported the store that reports read; nothing else waits for it
 * @param grouped what administrators read; nothing else waits for it
 * @param journal present with {@code data.dir}
 * @param intents present without {@code data.dir}
 */
record LedgerParts(
        String node,
        LedgerStore exported,
        LedgerStore reported,
        GroupReader grouped,
        Backlog backlog,
        LedgerWriter writer,
        Rollup rollup,
        LedgerMaintenance maintenance,
        Optional<Journal> journal,
        Optional<DatabaseIntents> intents) {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerParts.class);

    /** How long the start waits for a folder that is in use, and how often it tries. */
    private static final Duration WAIT = Duration.ofSeconds(15);

    private static final long TRY_MILLIS = 100;

    /** @throws ConfigException when {@code data.dir} cannot be used */
    static LedgerParts inDatabase(
            LedgerSettings settings, DatabaseSettings place, DataSource database, Surroundings around) {
        var run = UUID.randomUUID().toString();
        return place.folder().isPresent()
                ? withJournal(settings, place.folder().get().resolve("journal"), database, run, around)
                : withIntents(settings, database, run, around);
    }

    private static LedgerParts withJournal(
            LedgerSettings settings, Path folder, DataSource database, String run, Surroundings around) {
        var journal = journal(folder, around);
        LOG.info("Ledger: rows are stored in jdbc/warder, with a journal in data.dir");
        var node = name(folder, run);
        var stored = store(database, node, run, around);
        var rollup = new Rollup(around.clock(), Rollup.KEPT);
        var maintenance = new LedgerMaintenance(stored, rollup, settings.retention(), around.clock(), false);
        return new LedgerParts(
                node,
                store(database, node, run, around),
                store(database, node, run, around),
                groups(database, around),
                journal,
                new LedgerWriter(stored, journal, maintenance, around.nanoTime()),
                rollup,
                maintenance,
                Optional.of(journal),
                Optional.empty());
    }

    private static LedgerParts withIntents(
            LedgerSettings settings, DataSource database, String run, Surroundings around) {
        LOG.info("Ledger: rows and intents are stored in jdbc/warder, since data.dir is not set");
        var backlog = new QueueBacklog();
        var stored = store(database, run, run, around);
        var rollup = new Rollup(around.clock(), Rollup.KEPT);
        var maintenance = new LedgerMaintenance(stored, rollup, settings.retention(), around.clock(), true);
        var intents =
                new DatabaseIntents(store(database, run, run, around), backlog, around.threads(), around.nanoTime());
        return new LedgerParts(
                run,
                store(database, run, run, around),
                store(database, run, run, around),
                groups(database, around),
                backlog,
                new LedgerWriter(stored, backlog, maintenance, around.nanoTime()),
                rollup,
                maintenance,
                Optional.empty(),
                Optional.of(intents));
    }

    /** Each has a limit of its own: one that waits for a connection does not refuse the others. */
    private static DatabaseStore store(DataSource database, String node, String run, Surroundings around) {
        return new DatabaseStore(new LimitedSource(database, around.threads()), node, run);
    }

    private static GroupReader groups(DataSource database, Surroundings around) {
        return new DatabaseGroups(new LimitedSource(database, around.threads()));
    }

    private static Journal journal(Path folder, Surroundings around) {
        try {
            return opened(folder, around).orElseThrow(() -> problem("is in use by another process or application"));
        } catch (IOException unusable) {
            throw problem(
                    "cannot be created, read or written (" + unusable.getClass().getSimpleName() + ")");
        }
    }

    /** Another deployment of this application, which ends now, may have the folder for some seconds. */
    private static Optional<Journal> opened(Path folder, Surroundings around) throws IOException {
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

    private static String name(Path folder, String fresh) {
        try {
            return NodeName.in(folder, fresh);
        } catch (IOException unreadable) {
            return fresh;
        }
    }

    private static ConfigException problem(String what) {
        return new ConfigException(List.of(Setting.DATA_DIR.publicName() + ": " + what));
    }
}
