package dev.warder.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An empty H2 in memory for each test, which exists until its end, and whose budgets must agree then. One thread at a time. */
public final class H2Memory implements BeforeEachCallback, AfterEachCallback {
    private JdbcDataSource source = new JdbcDataSource();

    /** H2 forgets such a database with its last connection. */
    private Optional<Connection> kept = Optional.empty();

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        kept = Optional.of(source.getConnection());
    }

    @Override
    public void afterEach(ExtensionContext context) throws SQLException {
        if (kept.isPresent()) {
            try (var connection = kept.get()) {
                BudgetCheck.agrees(connection);
            }
        }
    }

    /** The database of this test. */
    public DataSource database() {
        return source;
    }
}
