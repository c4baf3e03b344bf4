package dev.warder.policy;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.DatabaseSchema.SchemaException;
import dev.warder.database.RepeatableTransactions;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/**
 * The highest version of {@code policy.file} that any node has used, with its digest and the names of its tokens and clients: the
 * row of the table {@code warder_policy} in {@code jdbc/warder}, which all nodes share. It is written only for a higher version,
 * so that a database that is read-only for a time still reports the versions of other nodes. Callers wait for it. One thread at a
 * time.
 */
public final class DatabaseVersions {
    private static final String RAISE =
            "UPDATE warder_policy SET highest = :number, sha256 = :sha256 WHERE highest < :number";
    // An operator who goes back to a lower version sets the number only.
    private static final String READ =
            "SELECT highest AS number, CASE WHEN highest = 0 THEN '' ELSE sha256 END AS sha256 FROM warder_policy";
    private static final String KEEP = "UPDATE warder_policy SET owners = ?, owners_of = sha256 WHERE sha256 = ?";
    private static final String OWNERS = "SELECT owners FROM warder_policy WHERE owners_of = sha256 AND sha256 = ?";

    private final RepeatableTransactions transactions;

    public DatabaseVersions(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.POLICY);
    }

    /**
     * Keeps this version unless a higher one is kept already, or one with the same number, whatever its contents: of two
     * nodes the first decides what a version contains.
     *
     * @param version the version that this node uses; {@link Policy.Version#NONE} if it uses none
     * @return the version that is kept now; its number is not lower
     * @throws VersionStoreException if the database cannot be used now
     */
    public Policy.Version raise(Policy.Version version) throws VersionStoreException {
        return run(handle -> {
            var kept = read(handle);
            if (kept.number() >= version.number()) {
                return kept;
            }
            handle.createUpdate(RAISE).bindMethods(version).execute();
            return read(handle);
        });
    }

    public void keep(TokenOwners owners) throws VersionStoreException {
        run(handle -> handle.execute(KEEP, owners.text(), owners.version().sha256()));
    }

    public Optional<TokenOwners> owners(Policy.Version version) throws VersionStoreException {
        return run(handle -> handle.select(OWNERS, version.sha256())
                        .mapTo(String.class)
                        .findFirst())
                .map(text -> TokenOwners.parse(version, text));
    }

    private <T> T run(RepeatableTransactions.Step<T, VersionStoreException> work) throws VersionStoreException {
        try {
            return transactions.run(work);
        } catch (SQLException away) {
            throw VersionStoreException.of(away);
        }
    }

    private static Policy.Version read(Handle handle) throws VersionStoreException {
        try {
            return handle.select(READ)
                    .mapTo(Policy.Version.class)
                    .findOne()
                    .orElseThrow(() -> new VersionStoreException("the table warder_policy has lost its row"));
        } catch (IllegalArgumentException edited) {
            throw new VersionStoreException("the row of the table warder_policy cannot be read", edited);
        }
    }

    /** The highest version can be neither read nor kept now. The message has no path, address or secret. */
    public static final class VersionStoreException extends Exception {
        VersionStoreException(String message, Throwable cause) {
            super(message, cause);
        }

        VersionStoreException(String message) {
            super(message);
        }

        /** Without the driver's message, which may contain an address and what drivers accept in it. */
        static VersionStoreException of(SQLException failed) {
            return new VersionStoreException(
                    failed instanceof SchemaException
                            ? SchemaException.TEXT
                            : "jdbc/warder fails (SQL state " + failed.getSQLState() + ")",
                    failed);
        }
    }
}
