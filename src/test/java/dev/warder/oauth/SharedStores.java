package dev.warder.oauth;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.testkit.Limit;
import java.nio.file.Path;
import org.postgresql.ds.PGPoolingDataSource;

/** Stores that several processes of a test share. */
public final class SharedStores {
    private SharedStores() {}

    /** The store at {@code file:PATH} or at the JDBC URL of a PostgreSQL database. */
    public static TokenStore at(String address) {
        if (address.startsWith("file:")) {
            return new FileTokenStore(
                    new LoginFile(Path.of(address.substring("file:".length()))), Logins.PLAIN, unhurried());
        }
        return new JdbcTokenStore(pool(address), "team", Logins.PLAIN, unhurried());
    }

    /** Waits for a lock longer by the factor of tests: a process that has just started takes its time to refresh. */
    private static DeadlinePoll unhurried() {
        long factor = Math.max(1, Limit.seconds(1).toSeconds());
        return new DeadlinePoll(
                () -> System.nanoTime() / factor, DeadlinePoll.ofThisThread().pause());
    }

    /** As containers have them: connections that are used again. */
    @SuppressWarnings("deprecation")
    private static PGPoolingDataSource pool(String url) {
        var pool = new PGPoolingDataSource();
        pool.setUrl(url);
        pool.setMaxConnections(3);
        return pool;
    }
}
