package dev.warder.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class H2StoreTest implements StoreContract {
    private final JdbcDataSource source = new JdbcDataSource();
    private Connection kept;

    @BeforeEach
    void open() throws SQLException {
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        kept = source.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        kept.close();
    }

    @Override
    public DataSource database() {
        return source;
    }
}
