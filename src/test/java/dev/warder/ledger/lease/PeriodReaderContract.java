package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.CAP;
import static dev.warder.ledger.lease.LeaseDatabase.END;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeaseDatabase.under;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

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
        here().inTransaction(connection -> {
            var row = Objects.requireNonNull(
                    PeriodTable.lock(connection, List.of(MONTH)).get(MONTH));
            PeriodTable.update(
                    connection, List.of(row.adopt(new LeaseRequest.Terms(Optional.of(END), CAP + 5, true, 2))));
            assertThat(new PeriodReader(database()).read(List.of(MONTH)).get(MONTH))
                    .isEqualTo(new Amounts(CAP, 0, 0, 10, 0));
        });
        assertThat(ofMonth().amount()).isEqualTo(CAP + 5);
    }
}
