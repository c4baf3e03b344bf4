package dev.warder.testkit;

import javax.naming.NamingException;
import javax.naming.Reference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The DataSources that an operator would configure in the server, without a pool. */
public final class BoundDatabase {
    private BoundDatabase() {}

    static boolean isPostgres(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    /** For the database of this URL, of PostgreSQL or else of H2. */
    public static DataSource of(String url) {
        if (isPostgres(url)) {
            return postgres(url);
        }
        var source = new JdbcDataSource();
        source.setURL(url);
        return source;
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
