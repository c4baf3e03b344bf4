package dev.warder.ledger;

import java.sql.SQLException;
import java.time.Instant;

/** Reads the ledger for an export, page by page, so that its size does not matter. Waits for the database. One call at a time. */
public final class LedgerExport {
    private static final int ATTEMPTS = 3;

    private final DatabaseStore store;
    private final LineFormat format;
    private final Instant to;
    private DatabaseStore.Position position;
    private boolean begun;

    /** Reads nothing yet. */
    LedgerExport(DatabaseStore store, LineFormat format, Instant from, Instant to) {
        this.store = store;
        this.format = format;
        this.to = to;
        this.position = DatabaseStore.Position.before(from);
    }

    /** The next part of the text; empty after the last one. A page that the database refuses is tried again at once. */
    public String next() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return page();
            } catch (SQLException away) {
                if (attempt == ATTEMPTS) {
                    throw away;
                }
            }
        }
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
