package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.oauth.TokenStore.TokenStoreException;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.Preceded;
import dev.warder.testkit.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
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
                return Sql.texts(database(), "SELECT token FROM warder_oauth_token WHERE name = '" + row(store) + "'")
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

    /** What a store does besides in every database. */
    interface JdbcStoreContract extends StoreContract {
        /** The database of this test, which is empty at first. */
        DataSource database() throws Exception;

        /** How logins lie there. */
        LoginFormat format();

        @Override
        default TokenStore store(DeadlinePoll poll) throws Exception {
            return new JdbcTokenStore(database(), "first", format(), poll);
        }

        private String column(String column) throws Exception {
            return Sql.texts(database(), "SELECT " + column + " FROM warder_oauth_token WHERE name = 'first'")
                    .get(0);
        }

        @Test
        default void keepsTheLoginsOfTwoNamesApart() throws Exception {
            var second = new JdbcTokenStore(database(), "second", format(), DeadlinePoll.ofThisThread());
            store(DeadlinePoll.ofThisThread()).exclusively(held -> held.write(Logins.token(1)));
            second.exclusively(held -> held.write(Logins.token(2)));
            assertThat(second.read().orElseThrow().token()).isEqualTo(Logins.token(2));
            assertThat(store(DeadlinePoll.ofThisThread()).read().orElseThrow().token())
                    .isEqualTo(Logins.token(1));
        }

        @Test
        default void countsGenerationsAndTellsTheExpiry() throws Exception {
            var store = store(DeadlinePoll.ofThisThread());
            store.exclusively(held -> held.write(Logins.token(1)));
            store.exclusively(held -> held.write(Logins.token(2)));
            assertThat(column("generation")).isEqualTo("2");
            assertThat(column("expires_at")).startsWith("2026-11-21 08:00:02");
            boolean seals = this instanceof SealedStoreContract;
            assertThat(column("token").startsWith("warder-login:")).isEqualTo(seals);
            assertThat(column("token").contains(Logins.access(2))).isNotEqualTo(seals);
        }

        @Test
        default void givesTheLockUpWithAChange() throws Exception {
            var store = store(DeadlinePoll.ofThisThread());
            assertThatThrownBy(() -> store.exclusively(held -> {
                        held.write(Logins.token(1));
                        return held.write(Logins.token(2));
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
        }

        @Test
        default void makesItsTableOnceForAllNodesThatStart() throws Exception {
            assertThat(AtOnce.run(
                            8, node -> store(DeadlinePoll.ofThisThread()).read().isEmpty()))
                    .containsOnly(true);
            assertThat(Sql.number(
                            database(),
                            "SELECT COUNT(*) FROM \"warder_schema_history\" WHERE \"version\" = '1' AND \"success\""))
                    .isEqualTo(1);
        }

        @Test
        default void worksOnceTheDatabaseIsBack() throws Exception {
            var down = new AtomicBoolean();
            Preceded.Before breaks = method -> {
                if (down.get()) {
                    throw new SQLException("no way to db.example with password abc", "08001");
                }
            };
            var source = Preceded.by(breaks, DataSource.class, database());
            var store = new JdbcTokenStore(source, "first", format(), DeadlinePoll.ofThisThread());
            down.set(true);
            assertThatThrownBy(store::read)
                    .isInstanceOf(TokenStoreException.class)
                    .hasMessage(store.place() + ": the database fails (SQL state 08001)");
            down.set(false);
            store.exclusively(held -> held.write(Logins.token(1)));
            down.set(true);
            assertThatThrownBy(() -> store.exclusively(TokenStore.Held::read))
                    .isInstanceOf(TokenStoreException.class)
                    .hasCauseInstanceOf(SQLException.class)
                    .hasMessageNotContaining("password");
            down.set(false);
            assertThat(store.read().orElseThrow().token()).isEqualTo(Logins.token(1));
        }
    }
}
