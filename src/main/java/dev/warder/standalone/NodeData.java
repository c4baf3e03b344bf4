package dev.warder.standalone;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.config.Secret;
import dev.warder.database.DatabaseSettings;
import dev.warder.database.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The storage of this node: the folder {@code data.dir}, which this process alone may use, and a pool of connections to the
 * database: that of {@code database.url}, an H2 in that folder, or for the demo one in memory, which {@link #serving}
 * opens. No connection is opened before it is needed. One thread at a time.
 */
record NodeData(Optional<FolderLock> lock, Optional<HikariDataSource> pool) implements AutoCloseable {
    /** Logins, the ledger, its exports and the check of health: more would wait in the database. */
    private static final int CONNECTIONS = 5;

    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(NodeData.class.getName());
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    /** Begins a transaction, which H2 refuses for a closed file. It would answer {@code SELECT 1}. */
    private static final String TEST = "SAVEPOINT open";

    /** With these H2 reports that it has closed its file, as it does when the disk is full. */
    private static final Set<String> CLOSED = Set.of("90028", "90031", "90098");

    /**
     * Opens what the settings name.
     *
     * @param demo whether a database in memory stands in for one that is not set
     * @throws UsageException when the folder or the URL of a database cannot be used, or another process uses the folder
     */
    static NodeData open(DatabaseSettings settings, boolean demo) throws UsageException {
        var folder = settings.folder();
        Optional<FolderLock> lock = folder.isEmpty() ? Optional.empty() : Optional.of(lock(settings, folder.get()));
        try {
            return new NodeData(lock, pool(settings, demo));
        } catch (RuntimeException malformed) {
            lock.ifPresent(FolderLock::close);
            // Without the driver's message, which contains the URL.
            throw new UsageException("database.url: the driver does not accept this URL");
        }
    }

    private static FolderLock lock(DatabaseSettings settings, Path folder) throws UsageException {
        try {
            var lock = FolderLock.of(folder)
                    .orElseThrow(() -> new UsageException("data.dir: another process uses " + folder
                            + "; give each node a folder of its own, --data.dir=PATH"));
            if (settings.url().isEmpty()) {
                restrict(folder);
            }
            return lock;
        } catch (IOException unusable) {
            throw new UsageException("data.dir: " + folder + " cannot be created or written");
        }
    }

    private static Optional<HikariDataSource> pool(DatabaseSettings settings, boolean demo) {
        if (settings.url().isPresent()) {
            var password = settings.password().map(Secret::reveal);
            return Optional.of(new HikariDataSource(config(settings.url().get(), settings.user(), password)));
        }
        if (settings.isUnset() && demo) {
            return Optional.of(new DemoSource());
        }
        return settings.folder()
                .map(path -> new HikariDataSource(config(embedded(path), Optional.of("warder"), Optional.of(""))));
    }

    /**
     * An H2 in memory, whose classes are loaded and whose tables are made when the server serves: they would make the start
     * of the demo slower. Until then threads wait for a connection.
     */
    private static final class DemoSource extends HikariDataSource {
        private final CountDownLatch serving = new CountDownLatch(1);

        DemoSource() {
            String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE";
            configure(this, url, Optional.of("warder"), Optional.of(""));
        }

        void open() {
            setDriverClassName("org.h2.Driver");
            serving.countDown();
        }

        @java.lang.Override
        public Connection getConnection() throws SQLException {
            try {
                if (!serving.await(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new SQLTransientConnectionException("the demo does not serve yet", "08001");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new SQLTransientConnectionException("interrupted", "08001", stop);
            }
            return super.getConnection();
        }
    }

    void serving() {
        if (pool.isPresent() && pool.get() instanceof DemoSource demo) {
            demo.open();
        }
    }

    /**
     * H2 creates its file as readable as the umask permits, and it may hold logins; earlier versions wrote a log beside it.
     * The mode of another user's files cannot be changed.
     */
    private static void restrict(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        var file = folder.resolve("warder.mv.db");
        boolean unused = file.toFile().createNewFile();
        for (var each : List.of(file, folder.resolve("warder.trace.db"))) {
            if (Files.exists(each) && Files.isWritable(each)) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rw-------"));
            }
        }
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(folder))) {
            LOG.warning("data.dir: other users of this machine may enter " + folder + "; chmod 700 prevents that");
        }
    }

    /**
     * A commit is written before it returns, so that a process that is killed keeps it: logins are in this database too,
     * and no journal has them. The ledger does not need it; its rows come in large transactions, for which it costs a fifth
     * more than the default. H2 writes no log of its own, which may hold values. The database is closed after the server
     * and not by a hook of its own.
     */
    private static String embedded(Path folder) {
        return "jdbc:h2:file:" + folder.toAbsolutePath().resolve("warder")
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    }

    private static HikariConfig config(String url, Optional<String> user, Optional<String> password) {
        var config = new HikariConfig();
        configure(config, url, user, password);
        config.setDriverClassName(url.startsWith("jdbc:h2:") ? "org.h2.Driver" : "org.postgresql.Driver");
        config.setMinimumIdle(1);
        if (url.startsWith("jdbc:h2:")) {
            // H2 calls connections to a closed file valid.
            config.setConnectionTestQuery(TEST);
            config.setConnectionInitSql(TEST);
            config.setExceptionOverride(new OfClosedFile());
        }
        // Not at the start: a database that is away must not stop it.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    private static void configure(HikariConfig config, String url, Optional<String> user, Optional<String> password) {
        config.setPoolName("warder");
        config.setJdbcUrl(url);
        user.ifPresent(config::setUsername);
        password.ifPresent(config::setPassword);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(WAIT.toMillis());
    }

    /** Removes connections to a closed file at once. */
    private static final class OfClosedFile implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException failed) {
            return CLOSED.contains(failed.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    Optional<DataSource> database() {
        return pool.map(each -> each);
    }

    /** Closes the connections and then the folder's lock. */
    @Override
    public void close() {
        pool.ifPresent(HikariDataSource::close);
        lock.ifPresent(FolderLock::close);
    }
}
