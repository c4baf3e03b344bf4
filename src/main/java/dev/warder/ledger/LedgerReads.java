package dev.warder.ledger;

import dev.warder.ledger.journal.Surroundings;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports and reports of a ledger, each kind on a thread of its own, which exists while there is something to read: a report
 * must not wait for a long export. Thread-safe; no method waits.
 */
final class LedgerReads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerReads.class);

    private final LedgerParts parts;
    private final Surroundings around;
    private final ReportReader reader;
    private final ThreadPoolExecutor exports;
    private final ThreadPoolExecutor reports;

    /** A report that is asked for. */
    private record ReportTask(ReportReader reader, LedgerPeriod period, CompletableFuture<LedgerReport> report)
            implements Runnable {
        @Override
        public void run() {
            try {
                report.complete(reader.read(period));
            } catch (Throwable fault) {
                LOG.error("A report of the ledger cannot be read", fault);
                giveUp();
            }
        }

        /** In place of {@link #run}. */
        void giveUp() {
            report.complete(LedgerReport.UNREADABLE);
        }
    }

    LedgerReads(LedgerParts parts, Surroundings around) {
        this.parts = parts;
        this.around = around;
        reader = new ReportReader(parts.reported(), parts.rollup());
        exports = thread(around);
        reports = thread(around);
    }

    private static ThreadPoolExecutor thread(Surroundings around) {
        var thread = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), around.threads());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /** An export of the rows that ended between these times, {@code to} exclusive. */
    LedgerExport export(LineFormat format, Instant from, Instant to) {
        var own = new LedgerExport.Surroundings(exports, exports::isShutdown, around.nanoTime());
        return new LedgerExport(parts.exported(), own, format, from, to);
    }

    /** Counts and sums of a period; parts of it are empty when they cannot be read now. */
    CompletableFuture<LedgerReport> report(LedgerPeriod period) {
        var report = new CompletableFuture<LedgerReport>();
        try {
            reports.execute(new ReportTask(reader, period, report));
        } catch (RejectedExecutionException closed) {
            report.complete(LedgerReport.UNREADABLE);
        }
        return report;
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        close(exports);
        close(reports);
    }

    private static void close(ThreadPoolExecutor executor) {
        executor.shutdown();
        for (var each = executor.getQueue().poll();
                each != null;
                each = executor.getQueue().poll()) {
            if (each instanceof LedgerExport.Task task) {
                task.giveUp();
            } else if (each instanceof ReportTask task) {
                task.giveUp();
            }
        }
    }
}
