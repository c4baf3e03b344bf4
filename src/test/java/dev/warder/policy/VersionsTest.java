package dev.warder.policy;

import static dev.warder.testkit.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.DatabaseVersions.VersionStoreException;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Postgres;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Versions of the policy in a database of each supported kind. */
class VersionsTest {
    /** A version whose contents depend on its number. */
    private static Policy.Version version(long number) {
        return new Policy.Version(number, String.format("%064x", number));
    }

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
            assertThatThrownBy(() -> new DatabaseVersions(away).raise(version(1)))
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

        @Test
        void findsTheTableThatAnotherUserHasCreated() throws Exception {
            execute(database(), "CREATE ROLE versions LOGIN");
            var versions = new DatabaseVersions(postgres.database("versions"));
            assertThatThrownBy(() -> versions.raise(version(6)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessage("the tables in jdbc/warder cannot be brought up to date");
            new DatabaseVersions(database()).raise(version(7));
            execute(database(), "GRANT SELECT, UPDATE ON warder_policy TO versions");
            execute(database(), "GRANT SELECT ON warder_schema_history TO versions");
            assertThat(versions.raise(version(6))).isEqualTo(version(7));
        }

        /** As a replica, or a database whose disk is full. */
        @Test
        void readsAVersionFromADatabaseThatIsReadOnly() throws Exception {
            new DatabaseVersions(database()).raise(version(7));
            execute(database(), "CREATE ROLE replica_reader LOGIN");
            execute(database(), "ALTER ROLE replica_reader SET default_transaction_read_only = on");
            execute(database(), "GRANT SELECT, UPDATE ON warder_policy TO replica_reader");
            execute(database(), "GRANT SELECT ON warder_schema_history TO replica_reader");
            var versions = new DatabaseVersions(postgres.database("replica_reader"));
            assertThat(versions.raise(version(6))).isEqualTo(version(7));
            assertThat(versions.raise(version(7))).isEqualTo(version(7));
            assertThatThrownBy(() -> versions.raise(version(8)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessage("jdbc/warder fails (SQL state 25006)");
        }
    }

    /** The highest version in a database, of each supported kind. */
    interface VersionsContract {
        /** An empty database. */
        DataSource database();

        @Test
        default void keepsTheHighestVersionOfAllNodes() throws Exception {
            var first = new DatabaseVersions(database());
            var second = new DatabaseVersions(database());
            assertThat(first.raise(Policy.Version.NONE)).isEqualTo(Policy.Version.NONE);
            assertThat(first.raise(version(7))).isEqualTo(version(7));
            assertThat(second.raise(version(6))).isEqualTo(version(7));
            var highest = version(999_999_999_999_999L);
            assertThat(second.raise(highest)).isEqualTo(highest);
            assertThat(first.raise(version(8))).isEqualTo(highest);
            assertThat(new DatabaseVersions(database()).raise(Policy.Version.NONE))
                    .isEqualTo(highest);
        }

        @Test
        default void keepsTheContentsOfTheFirstOfTwoNodesWithOneVersion() throws Exception {
            var first = new DatabaseVersions(database());
            var second = new DatabaseVersions(database());
            assertThat(first.raise(version(7))).isEqualTo(version(7));
            var other = new Policy.Version(7, "f".repeat(64));
            assertThat(second.raise(other)).isEqualTo(version(7));
            assertThat(first.raise(version(7))).isEqualTo(version(7));
            assertThat(second.raise(new Policy.Version(8, "f".repeat(64))))
                    .isEqualTo(new Policy.Version(8, "f".repeat(64)));
        }

        @Test
        default void keepsTheOwnersOfTokensOfTheHighestVersion() throws Exception {
            var first = new DatabaseVersions(database());
            var second = new DatabaseVersions(database());
            first.raise(version(7));
            assertThat(second.owners(version(7))).as("not kept yet").isEmpty();
            var none = new TokenOwners(version(7), Map.of());
            first.keep(none);
            assertThat(second.owners(version(7))).contains(none);
            var owners = new TokenOwners(version(8), Map.of("laptop", "ada", "desktop", "ada", "ci", "build"));
            first.keep(owners);
            assertThat(second.owners(version(8)))
                    .as("a version that is not kept")
                    .isEmpty();
            first.raise(version(8));
            first.keep(owners);
            second.keep(none);
            assertThat(second.owners(version(8))).contains(owners);
            assertThat(second.owners(version(7))).isEmpty();
        }

        /** More than a VARCHAR of H2 may have. */
        @Test
        default void keepsTheOwnersOfTokensOfALargePolicy() throws Exception {
            var clients = IntStream.range(0, 30_000)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.toMap(
                            "a-token-with-a-long-name-"::concat, "a-client-with-a-long-name-"::concat));
            var owners = new TokenOwners(version(7), clients);
            assertThat(owners.text()).hasSizeGreaterThan(1 << 20);
            var versions = new DatabaseVersions(database());
            versions.raise(version(7));
            versions.keep(owners);
            assertThat(versions.owners(version(7))).contains(owners);
        }

        /** It changes the version only. */
        @Test
        default void hasNoOwnersOfAVersionThatAnOlderReleaseUsedFirst() throws Exception {
            var versions = new DatabaseVersions(database());
            versions.raise(version(7));
            versions.keep(new TokenOwners(version(7), Map.of("laptop", "ada")));
            execute(
                    database(),
                    "UPDATE warder_policy SET highest = 8, sha256 = '"
                            + version(8).sha256() + "'");
            assertThat(versions.raise(version(7))).isEqualTo(version(8));
            assertThat(versions.owners(version(8))).isEmpty();
            assertThat(versions.owners(version(7))).isEmpty();
        }

        @Test
        default void reportsARowThatWasEditedByHand() throws Exception {
            var versions = new DatabaseVersions(database());
            versions.raise(version(7));
            execute(database(), "UPDATE warder_policy SET highest = 8, sha256 = 'none'");
            assertThatThrownBy(() -> versions.raise(version(7)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessage("the row of the table warder_policy cannot be read");
            execute(database(), "UPDATE warder_policy SET highest = 0");
            assertThat(versions.raise(version(7))).as("what the page advises").isEqualTo(version(7));
        }

        @Test
        default void reportsATableWithoutItsRow() throws Exception {
            var versions = new DatabaseVersions(database());
            versions.raise(version(7));
            execute(database(), "DELETE FROM warder_policy");
            assertThatThrownBy(() -> versions.raise(version(7)))
                    .isInstanceOf(VersionStoreException.class)
                    .hasMessage("the table warder_policy has lost its row");
        }

        @Test
        default void losesNoVersionOfNodesThatRaiseItAtOnce() throws Exception {
            int nodes = 4;
            new DatabaseVersions(database()).raise(version(1));
            AtOnce.run(nodes, node -> {
                var versions = new DatabaseVersions(database());
                for (int number = node + 2; number < 100; number += nodes) {
                    assertThat(versions.raise(version(number)).number()).isGreaterThanOrEqualTo(number);
                }
                return true;
            });
            assertThat(new DatabaseVersions(database()).raise(Policy.Version.NONE))
                    .isEqualTo(version(99));
        }
    }
}
