package dev.warder.ledger;

import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger for an export, page by page, so that its size does not matter. The pages of all exports are read one after
 * the other, on a thread of the ledger. One call of {@link #next} at a time.
 */
public final class LedgerExport {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerExport.class);
    private static final int ATTEMPTS = 3;

    private final LedgerStore store;
    private final Executor executor;
    private final LineFormat format;
    private final Instant to;
    private LedgerStore.Position position;
    private boolean begun;
    private volatile boolean failed;

    LedgerExport(LedgerStore store, Executor executor, LineFormat format, Instant from, Instant to) {
        this.store = store;
        this.executor = executor;
        this.format = format;
        this.to = to;
        this.position = LedgerStore.Position.before(from);
    }

    /**
     * The next part of the text; empty after the last one. When the database fails, the last part is a line that reports it, so
     * that no reader takes a part of the rows for all of them.
     *
     * @return completes on a thread of the ledger, never with an exception
     */
    public CompletableFuture<String> next() {
        if (failed) {
            return CompletableFuture.completedFuture("");
        }
        var text = new CompletableFuture<String>();
        try {
            executor.execute(() -> text.complete(read()));
        } catch (RejectedExecutionException closed) {
            failed = true;
            text.complete(format.incomplete());
        }
        return text;
    }

    /** Whether the database failed. */
    public boolean failed() {
        return failed;
    }

    private String read() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                return page();
            } catch (SQLException | RuntimeException away) {
                LOG.debug(
                        "a page of the ledger cannot be read: {}",
                        away.getClass().getSimpleName());
            }
        }
        failed = true;
        return format.incomplete();
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
            position = LedgerStore.Position.after(line);
        }
        return text.toString();
    }
}
