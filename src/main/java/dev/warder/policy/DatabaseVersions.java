package dev.warder.policy;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.SchemaException;
import dev.warder.database.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The highest version of {@code policy.file} that any node has used, with its digest and the names of its tokens and clients: the
 * row of the table {@code warder_policy} in {@code jdbc/warder}, which all nodes share. It is written only for a higher version,
 * so that a database that is read-only for a time still reports the versions of other nodes. Callers wait for it. One thread at a
 * time.
 */
public final class DatabaseVersions {
    private static final String RAISE = "UPDATE warder_policy SET highest = ?, sha256 = ? WHERE highest < ?";
    private static final String READ = "SELECT highest, sha256 FROM warder_policy";
    private static final String KEEP = "UPDATE warder_policy SET owners = ?, owners_of = sha256 WHERE sha256 = ?";
    private static final String OWNERS = "SELECT owners FROM warder_policy WHERE owners_of = sha256 AND sha256 = ?";

    private static final int SECONDS = (int) DatabaseSchema.LIMIT.toSeconds();

    /** Attempts to create the table are work for seconds, which a user without that right would cause at each look. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final DataSource source;
    private final DatabaseSchema schema;
    private final LongSupplier nanoTime;
    private @Nullable SchemaException failed;
    private long failedAt;

    public DatabaseVersions(DataSource source) {
        this(source, System::nanoTime);
    }

    DatabaseVersions(DataSource source, LongSupplier nanoTime) {
        this.source = source;
        this.schema = new DatabaseSchema(source, DatabaseSchema.Tables.POLICY);
        this.nanoTime = nanoTime;
    }

    /**
     * Keeps this version unless a higher one is kept already, or one with the same number, whatever its contents: of two
     * nodes the first decides what a version contains.
     *
     * @param version the version that this node uses; {@link PolicyVersion#NONE} if it uses none
     * @return the version that is kept now; its number is not lower
     * @throws VersionStoreException if the database cannot be used now
     */
    public PolicyVersion raise(PolicyVersion version) throws VersionStoreException {
        try {
            createTable();
            try (var transaction = Transaction.begin(source)) {
                var connection = transaction.connection();
                var kept = read(connection);
                if (kept.number() < version.number()) {
                    update(connection, version);
                    kept = read(connection);
                    connection.commit();
                }
                return kept;
            }
        } catch (SQLException away) {
            throw VersionStoreException.of(away);
        }
    }

    public void keep(TokenOwners owners) throws VersionStoreException {
        try (var transaction = Transaction.begin(source);
                var statement = transaction.connection().prepareStatement(KEEP)) {
            statement.setQueryTimeout(SECONDS);
            statement.setString(1, owners.text());
            statement.setString(2, owners.version().sha256());
            statement.executeUpdate();
            transaction.connection().commit();
        } catch (SQLException away) {
            throw VersionStoreException.of(away);
        }
    }

    public Optional<TokenOwners> owners(PolicyVersion version) throws VersionStoreException {
        try (var transaction = Transaction.begin(source);
                var statement = transaction.connection().prepareStatement(OWNERS)) {
            statement.setQueryTimeout(SECONDS);
            statement.setString(1, version.sha256());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(TokenOwners.parse(version, rows.getString(1))) : Optional.empty();
            }
        } catch (SQLException away) {
            throw VersionStoreException.of(away);
        }
    }

    private void createTable() throws SQLException {
        if (failed != null && nanoTime.getAsLong() - failedAt < PAUSE.toNanos()) {
            throw failed;
        }
        try {
            schema.bringUpToDate();
            failed = null;
        } catch (SchemaException refused) {
            failed = refused;
            failedAt = nanoTime.getAsLong();
            throw refused;
        }
    }

    private static void update(Connection connection, PolicyVersion version) throws SQLException {
        try (var statement = connection.prepareStatement(RAISE)) {
            statement.setQueryTimeout(SECONDS);
            statement.setLong(1, version.number());
            statement.setString(2, version.sha256());
            statement.setLong(3, version.number());
            statement.executeUpdate();
        }
    }

    private static PolicyVersion read(Connection connection) throws SQLException, VersionStoreException {
        try (var statement = connection.prepareStatement(READ)) {
            statement.setQueryTimeout(SECONDS);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new VersionStoreException("the table warder_policy has lost its row");
                }
                long highest = rows.getLong(1);
                // An operator who goes back to a lower version sets the number only.
                return highest == 0 ? PolicyVersion.NONE : new PolicyVersion(highest, rows.getString(2));
            }
        } catch (IllegalArgumentException edited) {
            throw new VersionStoreException("the row of the table warder_policy cannot be read", edited);
        }
    }
}
