package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.Sql;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Logins in a database of each supported kind. */
class JdbcTokenStoreTest {
    @Nested
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
        class Sealed implements JdbcStoreContract, SealedStoreContract {
            @Override
            public DataSource database() {
                return H2TokenStoreTest.this.database();
            }

            @Override
            public LoginFormat format() {
                return Logins.sealed(1);
            }

            @Override
            public TokenStore store(LoginFormat format) {
                return new JdbcTokenStore(database(), "first", format, DeadlinePoll.ofThisThread());
            }

            @Override
            public TokenStore elsewhere(LoginFormat format) {
                return new JdbcTokenStore(database(), "second", format, DeadlinePoll.ofThisThread());
            }

            @Override
            public String stored(TokenStore store) throws Exception {
                return Sql.texts(
                                database(), "SELECT token FROM warder_oauth_token WHERE name = '" + row(store) + "'")
                        .get(0);
            }

            @Override
            public void put(TokenStore store, String text) throws Exception {
                try (var connection = database().getConnection();
                        var update =
                                connection.prepareStatement("UPDATE warder_oauth_token SET token = ? WHERE name = ?")) {
                    update.setString(1, text);
                    update.setString(2, row(store));
                    assertThat(update.executeUpdate()).isEqualTo(1);
                }
            }

            private String row(TokenStore store) {
                return store.place().split(" ")[1];
            }
        }
    }

    @Nested
    class PostgresTokenStoreTest implements JdbcStoreContract {
        @RegisterExtension
        private final Postgres postgres = Postgres.empty();

        /** As credentials.md tells administrators who make the tables by another user. */
        @Test
        void needsNoRightToMakeTablesOnceTheyAreThere() throws Exception {
            store(DeadlinePoll.ofThisThread()).read();
            Sql.execute(
                    database(),
                    "CREATE ROLE clerk LOGIN",
                    "GRANT SELECT, INSERT, UPDATE ON warder_oauth_token TO clerk",
                    "GRANT SELECT ON warder_schema_history TO clerk");
            var clerk = postgres.database("clerk");
            var store = new JdbcTokenStore(clerk, "first", format(), DeadlinePoll.ofThisThread());
            store.exclusively(held -> held.write(Logins.token(1)));
            assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
        }

        @Override
        public DataSource database() {
            return postgres.database();
        }

        @Override
        public LoginFormat format() {
            return Logins.PLAIN;
        }
    }
}
