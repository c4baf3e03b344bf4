package dev.warder.policy;

import static dev.warder.testkit.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Postgres;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Versions of the policy in a database of each supported kind. */
class VersionsTest {
    @Nested
    class H2VersionsTest implements VersionsContract {
        @RegisterExtension
        private final H2Memory h2 = new H2Memory();

        @Override
        public DataSource database() {
            return h2.database();
        }

        @Test
        void reportsADatabaseThatIsAwayWithoutItsAddress() {
            var away = new JdbcDataSource();
            away.setURL("jdbc:h2:tcp://127.0.0.1:1/planted");
            assertThatThrownBy(() -> new DatabaseVersions(away).raise(VersionsContract.version(1)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessageStartingWith("jdbc/warder fails (SQL state ")
                    .hasMessageNotContaining("planted");
        }
    }

    @Tag("turn-6")
    @Tag("turn-only")
    @Nested
    class PostgresVersionsTest implements VersionsContract {
        @RegisterExtension
        private final Postgres postgres = new Postgres();

        @Override
        public DataSource database() {
            return postgres.database();
        }

        /** Each attempt to create it takes seconds. */
        @Test
        void looksSeldomForATableThatItMayNotCreate() throws Exception {
            execute(database(), "CREATE ROLE versions LOGIN");
            var time = new AtomicLong(1);
            var versions = new DatabaseVersions(postgres.database("versions"), time::get);
            assertTablesAreMissing(versions);
            new DatabaseVersions(database()).raise(VersionsContract.version(7));
            execute(database(), "GRANT SELECT, UPDATE ON warder_policy TO versions");
            execute(database(), "GRANT SELECT ON warder_schema_history TO versions");
            time.addAndGet(Duration.ofSeconds(29).toNanos());
            assertTablesAreMissing(versions);
            time.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(versions.raise(VersionsContract.version(6))).isEqualTo(VersionsContract.version(7));
        }

        /** As a replica, or a database whose disk is full. */
        @Test
        void readsAVersionFromADatabaseThatIsReadOnly() throws Exception {
            new DatabaseVersions(database()).raise(VersionsContract.version(7));
            execute(database(), "CREATE ROLE replica_reader LOGIN");
            execute(database(), "ALTER ROLE replica_reader SET default_transaction_read_only = on");
            execute(database(), "GRANT SELECT, UPDATE ON warder_policy TO replica_reader");
            execute(database(), "GRANT SELECT ON warder_schema_history TO replica_reader");
            var versions = new DatabaseVersions(postgres.database("replica_reader"));
            assertThat(versions.raise(VersionsContract.version(6))).isEqualTo(VersionsContract.version(7));
            assertThat(versions.raise(VersionsContract.version(7))).isEqualTo(VersionsContract.version(7));
            assertThatThrownBy(() -> versions.raise(VersionsContract.version(8)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessage("jdbc/warder fails (SQL state 25006)");
        }

        private static void assertTablesAreMissing(DatabaseVersions versions) {
            assertThatThrownBy(() -> versions.raise(VersionsContract.version(6)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessage("the tables in jdbc/warder cannot be brought up to date");
        }
    }
}
