package dev.warder.testkit;

import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ground of a contract of databases, with a database of a real PostgreSQL for each test. */
public abstract class OnPostgres {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    /** The database of this test. */
    public DataSource database() {
        return postgres.database();
    }
}
