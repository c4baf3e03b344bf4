package dev.warder.reconciliation.report;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Reads the reports of a day, page by page: of the usage only sums are kept, and only the ids of {@code reconcile.map} are asked
 * for one by one, so that the size of the organization does not matter. One thread at a time, which waits; {@link #close} from
 * any thread.
 */
public final class AdminReports implements AutoCloseable {
    private static final int MOST_PAGES = 500;
    private static final int MOST_SUMS = 50_000;
    private static final int IDS_AT_ONCE = 50;

    private final KeyMap map;
    private final PageReader pages;
    private final Semaphore closed = new Semaphore(0);

    /**
     * Something to do before each page, which may end the reading.
     *
     * @param <E> why it ends
     */
    @FunctionalInterface
    public interface Checkpoint<E extends Exception> {
        void pass() throws E;
    }

    /** What receives a result. */
    private interface Receiver {
        void accept(JsonObject result) throws ReportException;
    }

    /**
     * Opens no connection yet.
     *
     * @param threads makes the threads of the HTTP client
     */
    public AdminReports(AdminApi api, KeyMap map, ThreadFactory threads, InstantSource clock, RandomGenerator random) {
        this.map = map;
        this.pages = new PageReader(api, threads, clock, random, this::pause);
    }

    /** For tests, which do not wait. */
    AdminReports(KeyMap map, PageReader pages) {
        this.map = map;
        this.pages = pages;
    }

    /**
     * The reports of a UTC day that has ended.
     *
     * @throws ReportException if they cannot be read completely
     */
    public <E extends Exception> DayReport read(LocalDate day, Checkpoint<E> checkpoint)
            throws ReportException, InterruptedException, E {
        var shares = new CostShares();
        each(ReportQuery.usage(day), checkpoint, result -> {
            shares.addTotal(ReportPage.cell(result), ReportPage.counts(result));
            limit(shares);
        });
        for (var kind : IdKind.values()) {
            var ids = map.ids(kind);
            for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
                var some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
                each(ReportQuery.usage(day, kind, some), checkpoint, result -> add(shares, kind, some, result));
            }
        }
        each(ReportQuery.cost(day), checkpoint, result -> shares.add(ReportPage.costLine(result)));
        pages.release();
        return shares.report();
    }

    /** A report that ignored the filter would otherwise count an id several times. */
    private void add(CostShares shares, IdKind kind, List<String> asked, JsonObject result) throws ReportException {
        String id = result.getString(kind.member(), "");
        var credential = asked.contains(id) ? map.credential(id) : Optional.<String>empty();
        if (credential.isPresent()) {
            shares.add(ReportPage.cell(result), credential.get(), ReportPage.counts(result));
            limit(shares);
        }
    }

    private static void limit(CostShares shares) throws ReportException {
        if (shares.size() > MOST_SUMS) {
            throw ReportException.of("the usage report has more than " + MOST_SUMS + " groups");
        }
    }

    private <E extends Exception> void each(ReportQuery query, Checkpoint<E> checkpoint, Receiver receiver)
            throws ReportException, InterruptedException, E {
        var seen = new HashSet<String>();
        Optional<String> next = Optional.empty();
        for (int number = 1; number <= MOST_PAGES; number++) {
            checkpoint.pass();
            var page = ReportPage.parse(pages.read(query, next), query.day());
            for (var result : page.results()) {
                receiver.accept(result);
            }
            next = page.next();
            if (next.isEmpty()) {
                return;
            }
            if (!seen.add(next.get())) {
                throw ReportException.of("the Admin API repeats a page");
            }
        }
        throw ReportException.of("a report has more than " + MOST_PAGES + " pages");
    }

    private boolean pause(Duration time) throws InterruptedException {
        boolean ended = closed.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        if (ended) {
            closed.release();
        }
        return !ended;
    }

    /** Closes the connection until the next report. */
    public void release() {
        pages.release();
    }

    /** Ends what is read or waited for, and reads nothing any more. */
    @Override
    public void close() {
        closed.release();
        pages.close();
    }
}
