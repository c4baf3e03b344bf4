package dev.warder.reconciliation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.reconciliation.Looker.LeaseLostException;
import dev.warder.reconciliation.report.ReportException;
import dev.warder.reconciliation.store.DayRule;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.ReconciliationStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all days that are due, if no other node does. The log has one line when this begins to fail, and one when it works
 * again. {@link #run} is for one thread at a time; the other methods are thread-safe.
 */
final class Looks {
    private static final Logger LOG = LoggerFactory.getLogger(Looks.class);
    private static final long USUAL_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long REFUSED_MILLIS = Duration.ofHours(1).toMillis();
    private static final long SOON_MILLIS = Duration.ofSeconds(15).toMillis();
    private static final String DATABASE = "the database cannot be used";

    private final ReconciliationStore store;
    private final Looker looker;
    private final DaysDue due;
    private final UUID run;
    private final InstantSource clock;

    /** Written by the thread that looks. */
    private volatile ReconciliationStatus status = ReconciliationStatus.BEFORE;

    @GuardedBy("this")
    private Optional<Optional<DaysDue.Asked>> asked = Optional.empty();

    /** @param run of this node */
    Looks(ReconciliationStore store, Looker looker, DaysDue due, UUID run, InstantSource clock) {
        this.store = store;
        this.looker = looker;
        this.due = due;
        this.run = run;
        this.clock = clock;
    }

    /** Has the next look include these days, or with an empty range all that are not settled. */
    synchronized void ask(Optional<DaysDue.Asked> range) {
        asked = Optional.of(range);
    }

    private synchronized Optional<Optional<DaysDue.Asked>> asked() {
        return asked;
    }

    ReconciliationStatus status() {
        return asked().isPresent() ? status.begun() : status;
    }

    /** Looks once, and returns the time until the next look in milliseconds. */
    long run() throws InterruptedException {
        var wanted = asked();
        try {
            var now = store.take(run);
            if (now.isPresent()) {
                look(now.get(), wanted);
            }
            count(now.isPresent() ? now.get() : clock.instant());
            // Another node looks at what is due, and perhaps not at what was asked for.
            return now.isEmpty() && wanted.isPresent() ? SOON_MILLIS : done(wanted);
        } catch (ReportException failed) {
            fail(String.valueOf(failed.getMessage()));
            done(wanted);
            return failed.isRefused() ? REFUSED_MILLIS : USUAL_MILLIS;
        } catch (LeaseLostException lost) {
            LOG.debug("another node looks at the reports");
            return SOON_MILLIS;
        } catch (SQLException away) {
            LOG.debug("reconciliation has no database (SQL state {})", away.getSQLState());
            fail(DATABASE);
            done(wanted);
            return USUAL_MILLIS / 10;
        } catch (RuntimeException fault) {
            LOG.error("A look at the reports has failed", fault);
            fail("a fault, which the log has");
            done(wanted);
            return USUAL_MILLIS;
        }
    }

    /** What was asked for is done, unless something else was asked for meanwhile. */
    private synchronized long done(Optional<Optional<DaysDue.Asked>> wanted) {
        if (asked.equals(wanted)) {
            asked = Optional.empty();
        }
        return asked.isEmpty() ? USUAL_MILLIS : SOON_MILLIS;
    }

    private void look(Instant now, Optional<Optional<DaysDue.Asked>> wanted)
            throws SQLException, ReportException, LeaseLostException, InterruptedException {
        status = status.begun();
        try {
            var known = store.days(due.first(now), DayRule.last(now));
            for (var day : due.of(now, known, store.firstOfLedger(), wanted)) {
                looker.look(day, now);
            }
        } finally {
            end();
        }
    }

    private void end() {
        try {
            store.end(run);
        } catch (SQLException away) {
            // It ends by itself.
            LOG.debug("the lease was not given back (SQL state {})", away.getSQLState());
        }
    }

    private void count(Instant now) throws SQLException {
        var last = DayRule.last(now);
        var known = store.days(due.first(now), last);
        long open = due.of(now, known, store.firstOfLedger(), Optional.of(Optional.empty()))
                .size();
        var lines = store.lines(last.minusDays(DaysDue.DAYS - 1), last).stream()
                .filter(ReconciliationLine::isUnexplained)
                .toList();
        long nanos = lines.stream().mapToLong(line -> Math.abs(line.open())).sum();
        long tokens = lines.stream().mapToLong(line -> line.sides().distance()).sum();
        var before = status;
        status = before.done(now, open, nanos, tokens);
        if (before.failure().isPresent()) {
            LOG.info("Reconciliation works again");
        }
    }

    private void fail(String why) {
        var before = status;
        status = before.failed(why);
        if (!before.failure().equals(Optional.of(why))) {
            LOG.error("Reconciliation: {}", why);
        }
    }
}
