package dev.warder.ledger;

import dev.warder.usage.DocumentReads;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger for an export, page by page, so that its size does not matter. The pages of all exports are read one
 * after the other, on a thread of the ledger. One call of {@link #next} at a time.
 */
public final class LedgerExport {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerExport.class);
    private static final int ATTEMPTS = 3;

    /** Before the limit of the response, so that its last line can still be sent. */
    private static final Duration LONGEST = Duration.ofMinutes(14);

    private final DatabaseStore store;
    private final DocumentReads reads;
    private final LongSupplier nanoTime;
    private final long began;
    private final LineFormat format;
    private final Instant to;
    private DatabaseStore.Position position;
    private boolean begun;
    private volatile boolean failed;

    /**
     * Reads nothing yet.
     *
     * @param reads reads the pages
     * @param nanoTime the clock for the longest time of an export
     */
    LedgerExport(
            DatabaseStore store,
            DocumentReads reads,
            LongSupplier nanoTime,
            LineFormat format,
            Instant from,
            Instant to) {
        this.store = store;
        this.reads = reads;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.format = format;
        this.to = to;
        this.position = DatabaseStore.Position.before(from);
    }

    /**
     * The next part of the text; empty after the last one. When the database fails, the ledger closes or 14
     * minutes have passed, the last part is a line that reports it, so that no reader takes a part of the rows for all
     * of them.
     *
     * @return completes on a thread of the ledger or on the one that closes it, never with an exception
     */
    public CompletableFuture<String> next() {
        if (failed) {
            return CompletableFuture.completedFuture("");
        }
        if (nanoTime.getAsLong() - began >= LONGEST.toNanos()) {
            return CompletableFuture.completedFuture(incomplete());
        }
        return reads.read(wanted -> read()).exceptionally(failure -> {
            // It is closed; what a database refuses is tried again.
            if (!(failure instanceof SQLException)) {
                LOG.error("A page of the ledger cannot be read", failure);
            }
            return incomplete();
        });
    }

    private String incomplete() {
        failed = true;
        return format.incomplete();
    }

    public boolean failed() {
        return failed;
    }

    private String read() {
        for (int attempt = 1; attempt <= ATTEMPTS && !reads.isClosed(); attempt++) {
            try {
                return page();
            } catch (SQLException | RuntimeException away) {
                LOG.debug(
                        "a page of the ledger cannot be read: {}",
                        away.getClass().getSimpleName());
            }
        }
        return incomplete();
    }

    private String page() throws SQLException {
        var text = new StringBuilder();
        var page = store.page(position, to);
        if (!begun) {
            text.append(format.begin());
            begun = true;
        }
        for (var line : page) {
            text.append(format.line(line));
            position = DatabaseStore.Position.after(line);
        }
        return text.toString();
    }
}
