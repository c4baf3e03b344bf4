package dev.warder.budget.bound;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The bounds in the operator's database. Thread-safe. */
public final class DatabaseBounds implements BoundStore {
    /** The most rows of one transaction, which locks them. */
    private static final int PART = 200;

    private final RepeatableTransactions transactions;

    /** Opens no connection yet. */
    public DatabaseBounds(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
    }

    @Override
    public List<KeptBound> read() throws SQLException {
        return transactions.run(BoundTable::read);
    }

    @Override
    public void keep(List<KeptBound> bounds) throws SQLException {
        var sorted = bounds.stream()
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        for (int from = 0; from < sorted.size(); from += PART) {
            var part = sorted.subList(from, Math.min(sorted.size(), from + PART));
            transactions.run(connection -> {
                BoundTable.keep(connection, part);
                return part.size();
            });
        }
    }

    @Override
    public void removeOld() throws SQLException {
        transactions.run(connection -> {
            BoundTable.deleteOld(connection);
            return true;
        });
    }
}
