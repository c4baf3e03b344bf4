package dev.warder.reconcile;

import dev.warder.container.RepeatingThread;
import dev.warder.reconcile.AdminReports.ReportException;
import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.ReconciliationStore.Claim;
import dev.warder.upstream.Outbound;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the ledger with the reports of Anthropic: each day an hour after its end, and again two days after that, which settles
 * it, on one thread. The log has a line for each comparison, one line when they begin to fail, and one when they work again.
 * Thread-safe.
 */
public final class Reconciliation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.warder.reconciliation");
    private static final String LINE = "Reconciliation of {} ({}): ledger ${} in {} rows, reports ${}, difference ${},"
            + " booked ${}, tokens differ by {}, {} of {} lines unexplained, other keys ${}";

    /** Of the sums of a line. */
    private static final Comparison SUMS_ROUNDING = new Comparison(0, Side.NONE, Side.NONE, 1);

    private static final int DAYS = 31;
    private static final long USUAL_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long FAILED_MILLIS = Duration.ofHours(1).toMillis();
    private static final long END_MILLIS = 2000;

    private final ReconciliationStore store;
    private final ReconciliationStore listed;
    private final AdminReports reports;
    private final Set<String> credentials;
    private final Duration retention;
    private final InstantSource clock;
    private final RepeatingThread comparing;

    /** Written by the thread that compares. */
    private volatile ReconciliationStatus status =
            new ReconciliationStatus(Optional.empty(), Optional.empty(), 0, 0, 0, 0);

    /**
     * Opens no connection yet; nothing is compared before {@link #start}.
     *
     * @param source the operator's database, for comparisons alone
     * @param listed the operator's database, for reports
     * @param retention how long the ledger keeps rows
     * @param outbound the way to the reports
     * @param threads makes all threads, which end after {@link #close}
     */
    public Reconciliation(
            ReconcileSettings settings,
            DataSource source,
            DataSource listed,
            Duration retention,
            Outbound outbound,
            ThreadFactory threads,
            InstantSource clock) {
        store = new ReconciliationStore(source);
        this.listed = new ReconciliationStore(listed);
        reports = new AdminReports(settings, outbound, threads, clock, new Semaphore(0));
        credentials = Set.copyOf(settings.map().values());
        this.retention = retention;
        this.clock = clock;
        comparing = new RepeatingThread(this::compare, reports::release, threads);
    }

    public void start() {
        comparing.start();
    }

    public ReconciliationStatus status() {
        return status;
    }

    /** The days between these, both inclusive. Waits for the database. */
    public ReconciliationReport report(LocalDate from, LocalDate to) throws SQLException {
        var lines = listed.lines(from, to);
        var days = listed.days(from, to).stream()
                .filter(ReconciliationReport.Day::isCompared)
                .toList();
        return new ReconciliationReport(from, to, days, lines, lines.size() == ReconciliationStore.MOST, status);
    }

    /** The last day that is old enough for the first comparison: Anthropic's numbers come some minutes late. */
    static LocalDate last(Instant now) {
        return day(now.minus(Duration.ofHours(1))).minusDays(1);
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** Compares all days that are due, and returns the time until the next call in milliseconds. */
    private long compare() throws InterruptedException {
        try {
            var now = store.now();
            boolean failed = false;
            for (var day : openDays(now)) {
                failed |= !comparing.isEnding() && !compare(day);
            }
            if (failed) {
                return FAILED_MILLIS;
            }
            count(now);
            return USUAL_MILLIS;
        } catch (SQLException away) {
            LOG.debug("reconciliation has no database (SQL state {})", away.getSQLState());
            fail("the database cannot be used");
            return USUAL_MILLIS / 10;
        } catch (RuntimeException fault) {
            fail(fault);
            return USUAL_MILLIS;
        }
    }

    /**
     * The days of the last 31 that are not settled, the oldest first: neither days before the first one of the ledger, nor those
     * whose rows the ledger has begun to delete.
     */
    private List<LocalDate> openDays(Instant now) throws SQLException {
        var last = last(now);
        var oldest = latest(last.minusDays(DAYS - 1), day(now.minus(retention)).plusDays(1));
        var known = store.days(oldest, last);
        var begin = Stream.concat(known.stream().map(ReconciliationReport.Day::day), store.firstOfLedger().stream())
                .min(LocalDate::compareTo)
                .orElse(last);
        var settled = known.stream()
                .filter(ReconciliationReport.Day::settled)
                .map(ReconciliationReport.Day::day)
                .collect(Collectors.toSet());
        return Stream.iterate(latest(begin, oldest), day -> !day.isAfter(last), day -> day.plusDays(1))
                .filter(day -> !settled.contains(day))
                .toList();
    }

    private static LocalDate latest(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    /** Compares a day unless another node does, or it needs no comparison yet; false if that fails. */
    private boolean compare(LocalDate day) throws SQLException, InterruptedException {
        var claim = store.claim(day);
        if (claim.isEmpty()) {
            return true;
        }
        try {
            compare(claim.get());
            return true;
        } catch (ReportException failed) {
            fail(String.valueOf(failed.getMessage()));
        } catch (RuntimeException fault) {
            fail(fault);
        }
        store.giveBack(claim.get());
        return false;
    }

    private void compare(Claim claim) throws SQLException, InterruptedException {
        var day = claim.day();
        var report = reports.read(day);
        var compared = new ReconciliationReport.Day(
                day, claim.settles(), claim.at(), report.otherNanos(), report.otherTokens());
        var sides = new HashMap<>(store.ledger(day, credentials));
        report.shares().forEach((id, share) -> sides.merge(id, share, Comparison::plus));
        sides.replaceAll((id, both) -> both.plus(SUMS_ROUNDING));
        var lines = store.save(compared, sides);
        if (lines.isEmpty()) {
            LOG.debug("another node compares {} again", day);
        } else {
            log(compared, lines.get());
        }
    }

    /** A warning if something is unexplained, once numbers are no longer expected to be late. */
    private static void log(ReconciliationReport.Day day, List<ReconciliationReport.Line> lines) {
        long ledger = sum(lines, line -> line.sides().ledger().nanos());
        long reported = sum(lines, line -> line.sides().report().nanos());
        long unexplained = sum(lines, line -> line.isUnexplained() ? 1 : 0);
        Object[] values = {
            day.day(),
            day.settled() ? "settled" : "open",
            dollars(ledger),
            sum(lines, line -> line.sides().rows()),
            dollars(reported),
            dollars(reported - ledger),
            dollars(sum(lines, ReconciliationReport.Line::booked)),
            sum(lines, line -> line.sides().distance()),
            unexplained,
            lines.size(),
            dollars(day.otherNanos())
        };
        if (unexplained > 0 && day.day().isBefore(day(day.lookedAt()).minusDays(1))) {
            LOG.warn(LINE, values);
        } else {
            LOG.info(LINE, values);
        }
    }

    private static long sum(List<ReconciliationReport.Line> lines, ToLongFunction<ReconciliationReport.Line> number) {
        return lines.stream().mapToLong(number).sum();
    }

    private static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, 9).toPlainString();
    }

    private void count(Instant now) throws SQLException {
        var lines = store.lines(last(now).minusDays(DAYS - 1), last(now)).stream()
                .filter(ReconciliationReport.Line::isUnexplained)
                .toList();
        var before = status;
        status = new ReconciliationStatus(
                Optional.of(clock.instant()),
                Optional.empty(),
                before.failures(),
                openDays(now).size(),
                sum(lines, line -> Math.abs(line.open())),
                sum(lines, line -> line.sides().distance()));
        if (before.failure().isPresent()) {
            LOG.info("Reconciliation works again");
        }
    }

    private void fail(RuntimeException fault) {
        LOG.error("A comparison with the reports has failed", fault);
        fail("a fault, which the log has");
    }

    private void fail(String why) {
        var before = status;
        status = before.failed(why);
        if (!before.failure().equals(Optional.of(why))) {
            LOG.error("Reconciliation: {}", why);
        }
    }

    @Override
    public void close() {
        reports.close();
        comparing.end(END_MILLIS);
    }

    /**
     * The comparisons as this node knows them. Immutable.
     *
     * @param lastLook when it has last compared all days that were due, or seen that other nodes do
     * @param failure why the last comparison has failed, without text of the service; empty if it has not
     * @param failures how many comparisons have failed since the start
     * @param openDays the days of the last 31 that are not settled, also those that were never compared
     * @param unexplainedNanos the sum of what is unexplained in these 31 days, without signs, in nano-dollars
     * @param unexplainedTokens by how many tokens and searches lines differ in these 31 days that are not booked
     */
    public record ReconciliationStatus(
            Optional<Instant> lastLook,
            Optional<String> failure,
            long failures,
            long openDays,
            long unexplainedNanos,
            long unexplainedTokens) {
        ReconciliationStatus failed(String why) {
            return new ReconciliationStatus(
                    lastLook, Optional.of(why), failures + 1, openDays, unexplainedNanos, unexplainedTokens);
        }
    }
}
