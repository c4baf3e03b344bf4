package dev.warder.oauth;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class H2TokenStoreTest implements JdbcStoreContract {
    @TempDir
    private Path folder = Path.of("");

    @Override
    public DataSource database() {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("db") + ";DB_CLOSE_DELAY=10");
        return source;
    }

    @Override
    public LoginFormat format() {
        return Logins.PLAIN;
    }

    @Nested
    class Sealed implements JdbcStoreContract {
        @Override
        public DataSource database() {
            return H2TokenStoreTest.this.database();
        }

        @Override
        public LoginFormat format() {
            return Logins.sealed(1);
        }
    }
}
