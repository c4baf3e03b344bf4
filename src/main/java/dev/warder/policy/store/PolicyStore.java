package dev.warder.policy.store;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import javax.sql.DataSource;

/** The objects and tokens of the policy in the operator's database. Callers wait for it. Thread-safe. */
public final class PolicyStore {
    private final RepeatableTransactions transactions;

    /** Opens no connection yet. */
    public PolicyStore(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.INCREASES);
    }

    /**
     * Decides on a change and writes what belongs to it, in a transaction in which no other change can be made.
     *
     * @param <T> the result
     * @param <E> the reason why nothing is changed
     */
    @FunctionalInterface
    public interface Change<T, E extends Exception> {
        /**
         * Decides; it may be called again for one change, if the database has ended the transaction.
         *
         * @param connection of the transaction, for what is written with the change
         * @param newest the content before the change
         * @param at the moment of the change, by the database's clock
         */
        Decision<T> decide(Connection connection, StoredPolicy newest, Instant at) throws SQLException, E;
    }

    /**
     * What is changed, and the result for the caller.
     *
     * @param changes with the head of the content before it if nothing is changed
     */
    public record Decision<T>(PolicyChanges changes, T result) {}

    /**
     * A change that was committed.
     *
     * @param content what the policy is now
     */
    public record Committed<T>(StoredPolicy content, T result) {}

    /**
     * The newest content.
     *
     * @param known an earlier content: only what has changed since is read. The result is the same object if nothing has
     * @throws SQLException if the database cannot be used now
     */
    public StoredPolicy newest(StoredPolicy known) throws SQLException {
        return transactions.run(connection -> newest(connection, known, RevisionTable.read(connection)));
    }

    /** What is read in one transaction. */
    @FunctionalInterface
    public interface Reading<T> {
        /** Reads it. */
        T with(Connection connection) throws SQLException;
    }

    /**
     * Reads something of the same tables.
     *
     * @throws SQLException if the database cannot be used now
     */
    public <T> T read(Reading<T> reading) throws SQLException {
        return transactions.run(reading::with);
    }

    /**
     * Makes a change.
     *
     * @param known an earlier content: only what has changed since is read
     * @throws SQLException if the database cannot be used now; the change may have been made
     * @throws E if nothing is changed
     */
    public <T, E extends Exception> Committed<T> change(StoredPolicy known, Change<T, E> change)
            throws SQLException, E {
        return transactions.run(connection -> {
            var newest = newest(connection, known, RevisionTable.lock(connection));
            var at = RevisionTable.now(connection);
            var decision = change.decide(connection, newest, at);
            var changes = decision.changes();
            if (changes.head().equals(newest.head())) {
                return new Committed<>(newest, decision.result());
            }
            ObjectTable.remove(connection, changes.removed(), changes.head().revision(), at);
            ObjectTable.write(connection, changes.objects());
            TokenTable.write(connection, changes.tokens());
            RevisionTable.write(connection, changes.head());
            return new Committed<>(newest.with(changes), decision.result());
        });
    }

    /** A row that is changed between the statements is read again with its revision, which is then still new. */
    private static StoredPolicy newest(Connection connection, StoredPolicy known, PolicyHead head) throws SQLException {
        if (head.equals(known.head())) {
            return known;
        }
        // In the database of a backup, other changes may have got the numbers that are known here.
        boolean follows = head.revision() > known.revision() && RevisionTable.had(connection, known.head());
        var before = follows ? known : StoredPolicy.EMPTY;
        var objects = new ArrayList<StoredObject>();
        var removed = new ArrayList<PolicyName>();
        var tokens = new ArrayList<StoredToken>();
        ObjectTable.select(connection, before.revision(), objects, removed);
        TokenTable.select(connection, before.revision(), tokens);
        return before.with(new PolicyChanges(head, objects, removed, tokens));
    }
}
