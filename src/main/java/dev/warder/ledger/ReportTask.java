package dev.warder.ledger;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A report that is asked for. */
record ReportTask(ReportReader reader, LedgerPeriod period, CompletableFuture<Optional<LedgerReport>> report)
        implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportTask.class);

    @Override
    public void run() {
        try {
            report.complete(Optional.of(reader.read(period)));
        } catch (SQLException | RuntimeException away) {
            LOG.debug(
                    "a report of the ledger cannot be read: {}", away.getClass().getSimpleName());
            giveUp();
        } catch (Throwable fault) {
            LOG.error("A report of the ledger cannot be read", fault);
            giveUp();
        }
    }

    /** In place of {@link #run}. */
    void giveUp() {
        report.complete(Optional.empty());
    }
}
