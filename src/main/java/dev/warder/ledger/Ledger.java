package dev.warder.ledger;

import dev.warder.auth.Gate;
import dev.warder.config.ConfigException;
import dev.warder.container.RepeatingThread;
import dev.warder.database.DatabaseSettings;
import dev.warder.http.RequestId.IdRandom;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HoldLog;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.Journal;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestObserver;
import dev.warder.usage.TryIds;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of this node: observes completed requests and stores their rows. Thread-safe; no method waits, except for
 * {@link #close}.
 */
public final class Ledger implements RequestObserver, HoldLog, AutoCloseable {
    public static final String MISSING =
            "There is no ledger without a database: bind jdbc/warder, or with java -jar set"
                    + " data.dir or database.url.";

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final long TICK_MILLIS = 250;
    private static final long END_MILLIS = 4000;

    private final LedgerParts parts;
    private final Charged.Lookup charges;
    private final Optional<IntentGate> gate;
    private final RepeatingThread thread;

    private final AtomicLong lost = new AtomicLong();

    Ledger(LedgerParts parts, LedgerEnvironment around, Charged.Lookup charges) {
        this.parts = parts;
        this.charges = charges;
        gate = parts.journal()
                .map(journal -> new IntentGate(
                        journal::note,
                        journal::hold,
                        new TryIds(around.clock(), new IdRandom()),
                        around,
                        this::settle,
                        charges));
        thread = new RepeatingThread(() -> tickOnce() ? TICK_MILLIS : 0, this::finish, around.threads());
    }

    /**
     * Opens the ledger; nothing is stored before {@link #start}. Without a database there is none, which the log states.
     *
     * @param database the DataSource {@code jdbc/warder}, where there is one
     * @param threads makes the ledger's threads, which end with {@link #close}
     * @param charges what the rows of a request are charged to, once it has ended
     * @throws ConfigException when {@code data.dir} cannot be used
     */
    public static Optional<Ledger> of(
            LedgerSettings settings,
            DatabaseSettings place,
            Optional<DataSource> database,
            ThreadFactory threads,
            Charged.Lookup charges) {
        var around = new LedgerEnvironment(threads, InstantSource.system(), System::nanoTime);
        if (database.isEmpty()) {
            LOG.info(MISSING);
            if (place.url().isPresent()) {
                LOG.warn("database.url counts with java -jar only; an application server binds the DataSource"
                        + " jdbc/warder");
            }
        }
        return database.map(
                source -> new Ledger(LedgerParts.inDatabase(settings, place, source, around), around, charges));
    }

    /** Starts the thread that stores. */
    public void start() {
        thread.start();
    }

    public Optional<Gate> gate() {
        return gate.map(each -> each);
    }

    /** Ends waits that are too long; to be called several times a second. */
    public void tick() {
        gate.ifPresent(IntentGate::tick);
    }

    /** Its intent stays open, so that it ends as unknown, with what it held, after the next start. */
    @Override
    public void lost(String requestId) {
        gate.ifPresent(intents -> intents.leaveOpen(requestId));
    }

    @Override
    public void completed(CompletedRequest request) {
        if (request.client().isEmpty()) {
            // Anyone who reaches the port can send any number of these, which would hide what happens to those of
            // clients.
            return;
        }
        parts.rollup().add(request);
        var rows = request.usage();
        var id = request.call().id();
        Optional<Charged> charged = rows.isEmpty() ? Optional.empty() : charges.charged(id);
        if (gate.isPresent()) {
            gate.get().end(id, rows, charged);
        } else if (!rows.isEmpty()) {
            settle(Intent.Settled.of(Optional.empty(), rows, charged));
        }
    }

    @Override
    public void hold(String request, long nanos) {
        gate.ifPresent(each -> each.hold(request, nanos));
    }

    private void settle(Intent.Settled settled) {
        if (!parts.backlog().add(settled)) {
            lost.addAndGet(settled.rows().size());
        }
    }

    /**
     * An export of the rows that ended between these times, {@code to} exclusive, in the order of their ends. What has just
     * ended may be missing.
     */
    public LedgerExport export(LineFormat format, Instant from, Instant to) {
        return new LedgerExport(parts.readers().exported(), format, from, to);
    }

    /** Sums of groups of rows, which the caller reads on a thread of its own: it may wait for the database. */
    public DatabaseGroups groups() {
        return parts.readers().grouped();
    }

    /** Counts and sums of a period; parts of it are empty when they cannot be read now. Waits for the database. */
    public LedgerReport report(LedgerPeriod period) {
        return parts.readers().reported().read(period);
    }

    /** The name of this node in the database, which no other one has at the same time. */
    public String node() {
        return parts.node();
    }

    /** Rows that were lost since the start: there was no place for them, or the database refused them. */
    public long lostRows() {
        return lost.get() + parts.backlog().lostLater() + parts.writer().refused();
    }

    /** Files of the journal that could not be read to their end since the start; rows of them are not in the ledger. */
    public long unreadableFiles() {
        return parts.journal().map(Journal::unreadable).orElse(0L);
    }

    /** Files of the journal of this run that the disk did not take completely, also those whose rows are stored by now. */
    public long unforcedFiles() {
        return parts.journal().map(Journal::unforced).orElse(0L);
    }

    public long storedRows() {
        return parts.writer().stored();
    }

    public int openIntents() {
        return gate.map(IntentGate::open).orElse(0);
    }

    public long withoutIntent() {
        return gate.map(IntentGate::withoutIntent).orElse(0L);
    }

    public Optional<String> cause() {
        long rows = lostRows();
        if (rows > 0) {
            return Optional.of(rows + " rows of the ledger were lost since the start");
        }
        long files = unreadableFiles();
        if (files > 0) {
            return Optional.of(files + " files of the ledger's journal could not be read to their end");
        }
        if (parts.journal().filter(Journal::isUncertain).isPresent()) {
            return Optional.of("the disk did not take all of the ledger's journal");
        }
        return parts.writer().away() ? Optional.of("rows wait for the database") : Optional.empty();
    }

    private boolean tickOnce() {
        try {
            parts.rollup().dropOld();
            return parts.writer().tick() || parts.writer().away();
        } catch (RuntimeException | Error fault) {
            LOG.error("The ledger failed to store rows", fault);
            return true;
        }
    }

    private void finish() {
        parts.journal().ifPresent(Journal::stopWriting);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS) / 2;
        if (parts.journal().isEmpty()) {
            // Rows in memory are lost otherwise; those of a journal are stored after the next start.
            parts.writer().retryNow();
        }
        boolean stored = tickOnce();
        while (!stored && System.nanoTime() - end < 0) {
            stored = tickOnce();
        }
        if (!parts.writer().away()) {
            writeLastCounts();
        }
        parts.journal().ifPresent(Journal::close);
    }

    private void writeLastCounts() {
        try {
            parts.maintenance().writeRollup();
        } catch (SQLException | RuntimeException failed) {
            LOG.debug("the last counts were not written: {}", failed.getClass().getSimpleName());
        }
    }

    /** Stores what has ended, for at most some seconds. To be called after the last request has ended. */
    @Override
    public void close() {
        if (thread.wasStarted()) {
            thread.end(END_MILLIS);
        } else {
            parts.journal().ifPresent(Journal::stopWriting);
            parts.journal().ifPresent(Journal::close);
        }
    }
}
