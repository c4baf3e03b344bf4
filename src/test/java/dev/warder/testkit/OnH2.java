package dev.warder.testkit;

import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ground of a contract of databases, with an empty H2 in memory for each test. */
public abstract class OnH2 {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    /** The database of this test. */
    public DataSource database() {
        return h2.database();
    }
}
