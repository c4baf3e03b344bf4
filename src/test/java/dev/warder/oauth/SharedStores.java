package dev.warder.oauth;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import java.nio.file.Path;
import org.postgresql.ds.PGPoolingDataSource;

/** Stores that several processes of a test share. */
public final class SharedStores {
    private SharedStores() {}

    /** The store at {@code file:PATH} or at the JDBC URL of a PostgreSQL database. */
    public static TokenStore at(String address) {
        if (address.startsWith("file:")) {
            return new FileTokenStore(
                    new LoginFile(Path.of(address.substring("file:".length()))),
                    Logins.PLAIN,
                    DeadlinePoll.ofThisThread());
        }
        return new JdbcTokenStore(pool(address), "team", Logins.PLAIN, DeadlinePoll.ofThisThread());
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
