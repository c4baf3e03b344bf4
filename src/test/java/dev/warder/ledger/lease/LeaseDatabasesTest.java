package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.CAP;
import static dev.warder.ledger.lease.LeaseDatabase.END;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeaseDatabase.under;
import static dev.warder.ledger.lease.LeaseDatabase.waiting;
import static dev.warder.ledger.lease.LeasesContract.A;
import static dev.warder.ledger.lease.LeasesContract.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What nodes reserve and settle, in a database of each supported kind. */
class LeaseDatabasesTest {
    @Nested
    class H2ChargedRows extends OnH2 implements ChargedRowsContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresChargedRows extends OnPostgres implements ChargedRowsContract {}

    @Nested
    class H2LeaseThreads extends OnH2 implements LeaseThreadsContract {}

    @Nested
    @Tag("turn-6")
    class PostgresLeaseThreads extends OnPostgres implements LeaseThreadsContract {}

    @Nested
    class H2Leases extends OnH2 implements LeasesContract {}

    @Nested
    class PostgresLeases extends OnPostgres implements LeasesContract {}

    @Nested
    class H2OperatorStatements extends OnH2 implements OperatorStatementsContract {}

    @Nested
    class PostgresOperatorStatements extends OnPostgres implements OperatorStatementsContract {}

    @Nested
    class H2PeriodReader extends OnH2 implements PeriodReaderContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresPeriodReader extends OnPostgres implements PeriodReaderContract {}

    @Nested
    class H2Settling extends OnH2 implements SettlingContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresSettling extends OnPostgres implements SettlingContract {}

    @Nested
    class H2Thresholds extends OnH2 implements ThresholdsContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresThresholds extends OnPostgres implements ThresholdsContract {}

    @Nested
    class H2WaitReader extends OnH2 implements WaitReaderContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresWaitReader extends OnPostgres implements WaitReaderContract {}

    /** What is read of the periods in a database, of each supported kind. */
    interface PeriodReaderContract {
        UUID A = new UUID(1, 1);
        UUID B = new UUID(2, 2);

        /** An empty database, the same for each call of one test. */
        DataSource database();

        private LeaseDatabase here() {
            return new LeaseDatabase(database());
        }

        private Map<PeriodKey, Amounts> read(PeriodKey... keys) throws Exception {
            return new PeriodReader(database()).read(List.of(keys));
        }

        @Test
        default void readsNothingOfADatabaseThatIsNew() throws Exception {
            assertThat(read(MONTH)).isEmpty();
            assertThat(read()).isEmpty();
        }

        private Amounts ofMonth() throws Exception {
            return Objects.requireNonNull(read(MONTH).get(MONTH));
        }

        @Test
        default void readsTheSumsOfAllRuns() throws Exception {
            here().granted(A, request(MONTH, 500, 500));
            here().settle(A, MONTH, 100);
            here().granted(B, request(MONTH, 200, 200));
            here().leases().reap(B);
            assertThat(read(MONTH)).isEqualTo(Map.of(MONTH, new Amounts(CAP, 100, 0, 400, 200)));
            assertThat(ofMonth().free()).isEqualTo(300);
        }

        @Test
        default void readsWhatWasSpentAboveTheCap() throws Exception {
            here().granted(A, request(MONTH, 500, 500));
            here().settle(A, MONTH, CAP + 7);
            assertThat(read(MONTH)).isEqualTo(Map.of(MONTH, new Amounts(CAP, CAP, 7, 0, 0)));
            assertThat(ofMonth().free()).isZero();
            here().reserve(A, under(request(OTHER, 0, 0), 1, 50, false));
            here().settle(A, OTHER, 60);
            assertThat(read(OTHER)).isEqualTo(Map.of(OTHER, new Amounts(50, 60, 0, 0, 0)));
        }

        @Test
        default void readsOnlyTheWindowsThatWereAskedFor() throws Exception {
            var next = new PeriodKey(MONTH.budget(), END);
            here().granted(A, request(MONTH, 10, 10));
            here().granted(A, request(next, 20, 20));
            here().granted(A, request(OTHER, 30, 30));
            assertThat(read(next)).containsOnlyKeys(next);
            assertThat(read(MONTH, new PeriodKey("team/none/month", END))).containsOnlyKeys(MONTH);
            assertThat(read(next, OTHER, next)).containsOnlyKeys(next, OTHER);
            assertThat(read(new PeriodKey(OTHER.budget(), END))).isEmpty();
        }

        @Test
        default void readsMoreThanOneQueryCan() throws Exception {
            var requests = new ArrayList<LeaseRequest>();
            var expected = new HashMap<PeriodKey, Amounts>();
            for (int i = 0; i < 401; i++) {
                var key = new PeriodKey("client/c" + i + "/month", MONTH.start());
                requests.add(request(key, i, i));
                expected.put(key, new Amounts(CAP, 0, 0, i, 0));
            }
            here().leases().reserve(A, requests);
            assertThat(new PeriodReader(database()).read(expected.keySet())).isEqualTo(expected);
        }

        /** Else a page that is looked at would delay requests, and requests the page. */
        @Test
        default void waitsForNoLock() throws Exception {
            here().granted(A, request(MONTH, 10, 10));
            here().inTransaction(handle -> {
                var row = Objects.requireNonNull(
                        PeriodTable.lock(handle, List.of(MONTH)).get(MONTH));
                PeriodTable.update(
                        handle, List.of(row.adopt(new LeaseRequest.Terms(Optional.of(END), CAP + 5, true, 2))));
                assertThat(new PeriodReader(database()).read(List.of(MONTH)).get(MONTH))
                        .isEqualTo(new Amounts(CAP, 0, 0, 10, 0));
            });
            assertThat(ofMonth().amount()).isEqualTo(CAP + 5);
        }
    }

    /** The statements about budgets of the page about the ledger, in every database. */
    interface OperatorStatementsContract {
        /** An empty database, the same for each call of one test. */
        DataSource database();

        private LeaseDatabase here() {
            return new LeaseDatabase(database());
        }

        @Test
        default void showWhatIsReservedAndFreeWhatIsUnknown() throws Exception {
            var key = new PeriodKey("team/payments/month", LeaseDatabase.MONTH.start());
            here().reserve(A, request(key, 300, 300));
            here().settle(A, key, 100);
            here().reserve(B, request(key, 50, 50));
            here().leases().reap(A);
            assertThat(here().period(key).unknown()).isEqualTo(200);

            here().inTransaction(handle -> {
                for (var statement : statements()) {
                    run(handle.getConnection(), statement);
                }
            });

            assertThat(here().period(key).unknown()).isZero();
            assertThat(here().period(key).leased()).isEqualTo(50);
            here().settle(A, key, 30);
            assertThat(here().period(key).spent()).isEqualTo(130);
            here().check();
        }

        private static void run(Connection connection, String text) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute(text);
            }
        }

        private static List<String> statements() {
            try {
                var page = Files.readString(Path.of("src/site/markdown/ledger.md"));
                var found = Pattern.compile("(?m)^    ((?:SELECT|UPDATE|COMMIT)[^;]*);$")
                        .matcher(page);
                var statements = found.results().map(each -> each.group(1)).toList();
                assertThat(statements).hasSize(6);
                return statements;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /** Which node reports a threshold, in a database of each supported kind. */
    interface ThresholdsContract {
        /** An empty database, the same for each call of one test. */
        DataSource database();

        private LeaseDatabase here() {
            return new LeaseDatabase(database());
        }

        private boolean note(int percent) throws Exception {
            return here().leases().note(MONTH, percent, CAP);
        }

        @BeforeEach
        default void thePeriodIsUsed() throws Exception {
            here().reserve(new UUID(1, 1), request(MONTH, 0, 0));
        }

        @AfterEach
        default void allSumsAgree() throws Exception {
            here().check();
        }

        @Test
        default void eachIsReportedOnce() throws Exception {
            assertThat(note(75)).isTrue();
            assertThat(note(75)).isFalse();
            assertThat(note(80)).isTrue();
            assertThat(note(80)).isFalse();
        }

        @Test
        default void noneIsReportedBelowOneThatWas() throws Exception {
            assertThat(note(100)).isTrue();
            assertThat(note(90)).isFalse();
            assertThat(note(75)).isFalse();
        }

        @Test
        default void periodsAndAmountsHaveTheirOwn() throws Exception {
            assertThat(note(90)).isTrue();
            assertThat(here().leases().note(OTHER, 90, CAP)).isTrue();
            assertThat(here().leases().note(MONTH, 90, 10 * CAP)).isTrue();
            assertThat(here().leases().note(MONTH, 100, 999_999_999_999_999_999L))
                    .isTrue();
            assertThat(note(90)).isFalse();
            assertThat(here().number("SELECT SUM(nanos) FROM warder_budget_adjustment"))
                    .isZero();
        }

        @Test
        default void oneOfManyNodesReportsIt() throws Exception {
            assertThat(AtOnce.run(4, node -> note(80))).containsOnlyOnce(true);
        }

        @Test
        default void endWithTheirPeriod() throws Exception {
            note(80);
            here().inTransaction(handle -> OldPeriods.deletePeriods(handle, END.plusSeconds(1)));
            assertThat(here().number("SELECT COUNT(*) FROM warder_budget_adjustment"))
                    .isZero();
        }
    }

    /** What is read of the nodes that wait, in a database of each supported kind. */
    interface WaitReaderContract {
        UUID OWN = new UUID(1, 1);
        UUID B = new UUID(2, 2);
        UUID C = new UUID(3, 3);

        /** An empty database, the same for each call of one test. */
        DataSource database();

        private LeaseDatabase here() {
            return new LeaseDatabase(database());
        }

        private PeriodReader reader() {
            return new PeriodReader(database());
        }

        @Test
        default void readsNothingOfADatabaseThatIsNew() throws Exception {
            assertThat(reader().waits(OWN)).isEmpty();
        }

        @Test
        default void readsWhatOtherNodesWaitForTheOldestFirst() throws Exception {
            here().leases().beat(OWN, "own");
            here().leases().beat(B, "b");
            here().leases().beat(C, "c");
            here().granted(OWN, waiting(MONTH, CAP, CAP + 1, 9000));
            here().granted(B, waiting(MONTH, 0, 30, 1000));
            here().granted(C, waiting(MONTH, 0, 50, 5000));
            here().granted(C, request(OTHER, 10, 10));
            assertThat(reader().waits(OWN))
                    .satisfiesExactly(
                            first -> {
                                assertThat(first.node()).isEqualTo("c");
                                assertThat(first.key()).isEqualTo(MONTH);
                                assertThat(first.nanos()).isEqualTo(50);
                                assertThat(first.waited()).hasValueSatisfying(waited -> assertThat(waited)
                                        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(60)));
                            },
                            second -> {
                                assertThat(second.node()).isEqualTo("b");
                                assertThat(second.nanos()).isEqualTo(30);
                            });
        }

        /** They come before all others, however long these have waited. */
        @Test
        default void readsResponsesThatNeedMoreWithoutATime() throws Exception {
            here().leases().beat(B, "b");
            here().granted(OWN, request(MONTH, CAP, CAP));
            here().granted(B, request(MONTH, 40, 40));
            assertThat(reader().waits(OWN)).singleElement().satisfies(wait -> {
                assertThat(wait.nanos()).isEqualTo(40);
                assertThat(wait.waited()).isEqualTo(Optional.empty());
            });
        }

        @Test
        default void leavesOutNodesThatDoNotLive() throws Exception {
            here().granted(OWN, request(MONTH, CAP, CAP));
            here().granted(B, waiting(MONTH, 0, 40));
            assertThat(reader().waits(OWN)).isEmpty();
            here().leases().beat(B, "b");
            assertThat(reader().waits(OWN)).hasSize(1);
            here().execute("UPDATE warder_budget_node SET seen_at = seen_at - INTERVAL '2' MINUTE");
            assertThat(reader().waits(OWN)).isEmpty();
        }

        @Test
        default void readsNoMoreThanItMay() throws Exception {
            here().leases().beat(B, "b");
            var requests = new ArrayList<LeaseRequest>();
            for (int i = 0; i < PeriodReader.MOST_WAITS + 10; i++) {
                requests.add(waiting(new PeriodKey("client/c" + i + "/month", MONTH.start()), 0, CAP + 1));
            }
            here().leases().reserve(B, requests);
            assertThat(reader().waits(OWN)).hasSize(PeriodReader.MOST_WAITS);
        }
    }
}
