package dev.warder.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The DataSources that an operator would configure in the server. */
public final class BoundDatabase {
    private BoundDatabase() {}

    static boolean isPostgres(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    /** For the database of this URL, of PostgreSQL or else of H2, without a pool; for H2 it may end with a user. */
    public static DataSource of(String url) {
        return isPostgres(url) ? postgres(url) : h2(url);
    }

    /** H2 refuses a user that is in the URL and is set too. */
    static JdbcDataSource h2(String url) {
        var parts = url.split(";USER=", 2);
        var source = new JdbcDataSource();
        source.setURL(parts[0]);
        source.setUser(parts.length == 2 ? parts[1] : "");
        return source;
    }

    /** The same with a pool: PostgreSQL starts a process for each connection. */
    static HikariDataSource pool(String url) {
        var config = new HikariConfig();
        config.setDataSource(of(url));
        config.setMinimumIdle(0);
        // A server starts while its database is away.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** How a naming service makes the one for PostgreSQL. */
    static Reference reference(String url) {
        try {
            return postgres(url).getReference();
        } catch (NamingException never) {
            throw new IllegalStateException(never);
        }
    }

    private static PGSimpleDataSource postgres(String url) {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }
}
