package dev.warder.admin.page;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Renders the page, its panels and their CSV. A report of the ledger is read once for all callers and shown for some seconds, so
 * that any number of open pages costs the database the same. One report at a time is read. Thread-safe; no method waits.
 */
public final class Dashboard {
    private final Optional<Ledger> ledger;
    private final Reads reads;
    private final Supplier<Snapshot.Node> node;
    private final InstantSource clock;

    /** At most one for each of the few views. */
    @GuardedBy("reports")
    private final Map<View, Kept> reports = new HashMap<>();

    /** The report that was asked for last. */
    @GuardedBy("reports")
    private CompletableFuture<LedgerReport> last = CompletableFuture.completedFuture(LedgerReport.UNREADABLE);

    /** Runs what waits for the database on another thread. */
    @FunctionalInterface
    public interface Reads {
        CompletableFuture<LedgerReport> of(Callable<LedgerReport> reading);
    }

    public Dashboard(Optional<Ledger> ledger, Reads reads, Supplier<Snapshot.Node> node, InstantSource clock) {
        this.ledger = ledger;
        this.reads = reads;
        this.node = node;
        this.clock = clock;
    }

    /** A report that is read or was read; one that failed is asked for again. */
    private record Kept(Instant asked, CompletableFuture<LedgerReport> report) {
        boolean isOf(View.Range range, Instant now) {
            return !report.isDone() || !report.isCompletedExceptionally() && now.isBefore(asked.plus(range.fresh));
        }
    }

    public CompletableFuture<String> page(View view, String formToken) {
        return snapshot(view)
                .thenApply(snapshot -> Templates.of("overview", Map.of("snapshot", snapshot, "formToken", formToken)));
    }

    public CompletableFuture<String> panels(View view) {
        return snapshot(view).thenApply(snapshot -> Templates.of("panels", snapshot));
    }

    /** Empty if the panel cannot be read now. */
    public CompletableFuture<Optional<String>> csv(Panel panel, View view) {
        return snapshot(view).thenApply(snapshot -> panel.content(snapshot)
                .map(content -> content.table().csv()));
    }

    public boolean hasLedger() {
        return ledger.isPresent();
    }

    private CompletableFuture<Snapshot> snapshot(View view) {
        var now = clock.instant();
        var period = view.range().until(now, view.allNodes());
        // Panels of the node are shown even if there is no place for a report.
        return report(view, period, now)
                .exceptionally(Dashboard::unread)
                .thenApply(
                        report -> new Snapshot(view, period, clock.instant(), report, ledger.isPresent(), node.get()));
    }

    private static LedgerReport unread(Throwable fault) {
        if (fault.getCause() instanceof RejectedExecutionException || fault instanceof RejectedExecutionException) {
            return LedgerReport.UNREADABLE;
        }
        throw new CompletionException(fault);
    }

    private CompletableFuture<LedgerReport> report(View view, LedgerPeriod period, Instant now) {
        if (ledger.isEmpty()) {
            return CompletableFuture.completedFuture(LedgerReport.UNREADABLE);
        }
        synchronized (reports) {
            var kept = reports.get(view);
            if (kept == null || !kept.isOf(view.range(), now)) {
                last = last.handle((report, fault) -> 0)
                        .thenCompose(any -> reads.of(() -> ledger.get().report(period)));
                kept = new Kept(now, last);
                reports.put(view, kept);
            }
            return kept.report();
        }
    }
}
