package dev.warder.budget.bound;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * The bounds in the operator's database. A transaction that meets another one that makes the same rows, or that the database
 * ended for the sake of another one, is done again. Thread-safe.
 */
public final class DatabaseBounds implements BoundStore {
    private static final int ATTEMPTS = 3;

    /** The most rows of one transaction, which locks them. */
    private static final int PART = 200;

    private final DataSource source;
    private final DatabaseSchema schema;

    /** Opens no connection yet. */
    public DatabaseBounds(DataSource source) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.BUDGETS);
    }

    /** The work of one transaction. */
    private interface Step {
        void with(Connection connection) throws SQLException;
    }

    @Override
    public List<KeptBound> read() throws SQLException {
        schema.bringUpToDate();
        try (var transaction = Transaction.readCommitted(source)) {
            return BoundTable.read(transaction.connection());
        }
    }

    @Override
    public void keep(List<KeptBound> bounds) throws SQLException {
        var sorted = bounds.stream()
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        for (int from = 0; from < sorted.size(); from += PART) {
            var part = sorted.subList(from, Math.min(sorted.size(), from + PART));
            inTransaction(connection -> BoundTable.keep(connection, part));
        }
    }

    @Override
    public void removeOld() throws SQLException {
        inTransaction(BoundTable::deleteOld);
    }

    private void inTransaction(Step step) throws SQLException {
        schema.bringUpToDate();
        for (int attempt = 1; ; attempt++) {
            try (var transaction = Transaction.readCommitted(source)) {
                step.with(transaction.connection());
                transaction.connection().commit();
                return;
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !mayBeRepeated(failed)) {
                    throw failed;
                }
            }
        }
    }

    /** A key that is there already (class 23), or a transaction that was ended for another one (class 40). */
    private static boolean mayBeRepeated(SQLException failed) {
        var state = Objects.requireNonNullElse(failed.getSQLState(), "");
        return state.startsWith("23") || state.startsWith("40");
    }
}
