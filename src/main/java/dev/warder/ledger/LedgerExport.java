package dev.warder.ledger;

import dev.warder.ledger.store.LedgerRow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Reads the ledger for an export, page by page, so that its size does not matter. Waits for the database. One call at a time. */
public final class LedgerExport {
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

    /** The next part of the text; empty after the last one. After a failure it can be called again. */
    public String next() throws SQLException {
        var text = new StringBuilder();
        var page = page();
        if (!begun) {
            text.append(format.begin());
            begun = true;
        }
        for (var row : page) {
            text.append(format.line(row));
            position = DatabaseStore.Position.after(row);
        }
        return text.toString();
    }

    private List<LedgerRow> page() throws SQLException {
        try {
            return store.page(position, to);
        } catch (RuntimeException ofDriver) {
            throw new SQLException(ofDriver);
        }
    }
}
