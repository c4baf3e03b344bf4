package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.CAP;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeaseDatabase.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

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
