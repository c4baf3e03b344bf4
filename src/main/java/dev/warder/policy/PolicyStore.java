package dev.warder.policy;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import javax.sql.DataSource;

/** The objects and tokens of the policy in the operator's database. Callers wait for it. Thread-safe. */
public final class PolicyStore {
    private static final String SELECT = "SELECT revision, audit_number, audit_hash FROM warder_policy_revision";
    private static final String LOCK =
            "SELECT revision, audit_number, audit_hash FROM warder_policy_revision FOR UPDATE";
    private static final String UPDATE =
            "UPDATE warder_policy_revision SET revision = ?, audit_number = ?, audit_hash = ?";
    private static final String ENTRY = "SELECT hash FROM warder_audit WHERE number = ?";

    private final RepeatableTransactions transactions;

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
     * A change, and the result for the caller.
     *
     * @param changes with the head of the content before it if nothing is changed
     */
    public record Decision<T>(PolicyChanges changes, T result) {}

    /** A change that was committed, and the policy that it made. */
    record Committed<T>(StoredPolicy content, T result) {}

    /**
     * The newest content.
     *
     * @param known an earlier content: only what has changed since is read. The result is the same object if nothing has
     * @throws SQLException if the database cannot be used now
     */
    public StoredPolicy newest(StoredPolicy known) throws SQLException {
        return transactions.run(connection -> newest(connection, known, readHead(connection)));
    }

    /** A reading in one transaction. */
    @FunctionalInterface
    public interface Reading<T> {
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
    <T, E extends Exception> Committed<T> change(StoredPolicy known, Change<T, E> change) throws SQLException, E {
        return transactions.run(connection -> {
            var newest = newest(connection, known, lock(connection));
            var at = Statements.now(connection);
            var decision = change.decide(connection, newest, at);
            var changes = decision.changes();
            if (changes.head().equals(newest.head())) {
                return new Committed<>(newest, decision.result());
            }
            PolicyTables.remove(connection, changes.removed(), changes.head().revision(), at);
            PolicyTables.writeObjects(connection, changes.objects());
            PolicyTables.writeTokens(connection, changes.tokens());
            write(connection, changes.head());
            return new Committed<>(newest.with(changes), decision.result());
        });
    }

    /** A row that is changed between the statements is read again with its revision, which is then still new. */
    private static StoredPolicy newest(Connection connection, StoredPolicy known, PolicyHead head) throws SQLException {
        if (head.equals(known.head())) {
            return known;
        }
        // In the database of a backup, other changes may have got the numbers that are known here.
        boolean follows = head.revision() > known.revision() && had(connection, known.head());
        var before = follows ? known : StoredPolicy.EMPTY;
        var objects = new ArrayList<StoredObject>();
        var removed = new ArrayList<PolicyName>();
        var tokens = new ArrayList<StoredToken>();
        PolicyTables.selectObjects(connection, before.revision(), objects, removed);
        PolicyTables.selectTokens(connection, before.revision(), tokens);
        return before.with(new PolicyChanges(head, objects, removed, tokens));
    }

    private static PolicyHead readHead(Connection connection) throws SQLException {
        return head(connection, SELECT);
    }

    private static PolicyHead lock(Connection connection) throws SQLException {
        return head(connection, LOCK);
    }

    /** Whether the content with this head was a content of this database: the audit has its last entry. */
    private static boolean had(Connection connection, PolicyHead head) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(ENTRY))) {
            select.setLong(1, head.entries());
            try (var row = select.executeQuery()) {
                return row.next() && row.getString(1).equals(head.hash());
            }
        }
    }

    private static void write(Connection connection, PolicyHead head) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(UPDATE))) {
            update.setLong(1, head.revision());
            update.setLong(2, head.entries());
            update.setString(3, head.hash());
            update.executeUpdate();
        }
    }

    private static PolicyHead head(Connection connection, String sql) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(sql));
                var row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table warder_policy_revision has lost its row", "02000");
            }
            return new PolicyHead(row.getLong(1), row.getLong(2), row.getString(3));
        }
    }

    /**
     * Identifies a content of the database. The number alone does not: a database that was restored from a backup counts
     * again from a lower number. Immutable.
     *
     * @param revision the number of changes that were made before; 0 for none
     * @param entries the number of the last entry of the audit; 0 for none
     * @param hash the hash of that entry; empty for none
     */
    public record PolicyHead(long revision, long entries, String hash) {
        public static final PolicyHead NONE = new PolicyHead(0, 0, "");
    }
}
