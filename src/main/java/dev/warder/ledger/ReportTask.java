package dev.warder.ledger;

import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A report that is asked for. */
record ReportTask(ReportReader reader, LedgerPeriod period, CompletableFuture<LedgerReport> report)
        implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportTask.class);

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
