package dev.warder.quota;

import static dev.warder.testkit.Sql.execute;
import static dev.warder.testkit.Sql.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.quota.LimitStore.Refill;
import dev.warder.quota.LimitStore.RefillRequest;
import dev.warder.quota.LimitStore.SlotRequest;
import dev.warder.quota.LimitStore.SlotState;
import dev.warder.testkit.AtOnce;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What nodes share of rate limits, in a database of each supported kind. */
interface LimitStoreContract {
    UUID ONE = new UUID(0, 1);
    UUID OTHER = new UUID(0, 2);

    long SIZE = 1000;

    /** What is added to a bucket in 20 s, which no step of a test takes. */
    double ADDED = SIZE / 3.0;

    /** An empty database, the same for each call of one test. */
    DataSource database();

    private LimitStore store() {
        return new DatabaseLimits(database());
    }

    private static RefillRequest request(String key, double debt, double least, double most, double back) {
        return new RefillRequest(key, SIZE, debt, least, most, back);
    }

    private Refill refill(double debt, double least, double most, double back) throws Exception {
        return refill(store(), request("client:ada:requests", debt, least, most, back));
    }

    private static Refill refill(LimitStore store, RefillRequest... requests) throws Exception {
        return store.exchange(ONE, List.of(requests), List.of()).refills().get(0);
    }

    @Test
    default void takesAllThatIsNeededOrNothing() throws Exception {
        refill(0, 0, 600, 0);
        var none = refill(0, 800, 900, 0);
        assertThat(none.granted()).isZero();
        assertThat(none.left()).isBetween(400.0, 400 + ADDED);
        assertThat(refill(0, 300, 300, 0).granted()).isEqualTo(300);
    }

    @Test
    default void aDebtIsPaidWhetherThereIsEnoughOrNot() throws Exception {
        refill(0, 0, 900, 0);
        var owed = refill(2000, 0, 100, 0);
        assertThat(owed.granted()).isEqualTo(2000);
        assertThat(owed.left()).isBetween(-1900.0, -1900 + ADDED);
        assertThat(refill(0, 0, 1, 0).granted()).isZero();
    }

    @Test
    default void whatIsGivenBackIsThereAgainButNoMoreThanABucketHas() throws Exception {
        refill(0, 0, 900, 0);
        assertThat(refill(0, 0, 0, 500).left()).isBetween(600.0, 600 + ADDED);
        assertThat(refill(0, 0, 0, 5000).left()).isEqualTo(SIZE);
    }

    @Test
    default void nodesTogetherTakeNoMoreThanThereIs() throws Exception {
        var store = store();
        long began = System.nanoTime();
        var granted = AtOnce.run(4, node -> {
            double taken = 0;
            for (int i = 0; i < 50; i++) {
                taken += refill(
                                store,
                                request("client:ada:requests", 0, 10, 10, 0),
                                request("organization::requests", 0, 10, 10, 0))
                        .granted();
            }
            return taken;
        });
        double taken = granted.stream().mapToDouble(each -> each).sum();
        double added = SIZE / 60e9 * (System.nanoTime() - began);
        assertThat(taken).isBetween(SIZE - 10.0, SIZE + added);
    }

    @Test
    default void slotsOfAllNodesTogetherAreLimited() throws Exception {
        var store = store();
        store.beat(ONE);
        store.beat(OTHER);
        assertThat(slots(ONE, 2, 6)).isEqualTo(new SlotState("team:blue:concurrent", 6, 0));
        assertThat(slots(OTHER, 0, 6)).isEqualTo(new SlotState("team:blue:concurrent", 4, 6));
        assertThat(slots(ONE, 2, 2)).isEqualTo(new SlotState("team:blue:concurrent", 2, 4));
        assertThat(slots(OTHER, 4, 20)).isEqualTo(new SlotState("team:blue:concurrent", 8, 2));
        assertThat(slots(ONE, 12, 12).granted()).as("what runs already").isEqualTo(12);
    }

    @Test
    default void theSlotsOfANodeThatStopsAreFree() throws Exception {
        var store = store();
        store.beat(ONE);
        assertThat(store.beat(OTHER)).isEqualTo(2);
        slots(ONE, 10, 10);
        store.end(ONE);
        assertThat(slots(OTHER, 0, 10).granted()).isEqualTo(10);
        assertThat(store.beat(OTHER)).isEqualTo(1);
    }

    @Test
    default void theSlotsOfANodeThatWasKilledAreFreeAfterAWhile() throws Exception {
        var store = store();
        store.beat(ONE);
        store.beat(OTHER);
        slots(ONE, 10, 10);
        assertThat(slots(OTHER, 0, 1).granted()).isZero();
        execute(
                database(),
                "UPDATE warder_limit_node SET seen_at = seen_at - INTERVAL '31' SECOND WHERE run = '" + ONE + "'",
                "UPDATE warder_limit_node SET seen_since = seen_since - INTERVAL '31' SECOND");
        assertThat(store.beat(OTHER)).isEqualTo(1);
        assertThat(slots(OTHER, 0, 10).granted()).isEqualTo(10);
    }

    /** The database was away for all. */
    @Test
    default void aNodeThatWasAwayItselfForgetsNoOther() throws Exception {
        var store = store();
        store.beat(ONE);
        store.beat(OTHER);
        slots(ONE, 10, 10);
        execute(
                database(),
                "UPDATE warder_limit_node SET seen_at = seen_at - INTERVAL '31' SECOND,"
                        + " seen_since = seen_since - INTERVAL '600' SECOND");
        assertThat(store.beat(OTHER)).isEqualTo(2);
        assertThat(slots(OTHER, 0, 1).granted()).isZero();
        assertThat(store.beat(OTHER)).as("the other may be slow to return").isEqualTo(2);
    }

    @Test
    default void bucketsThatAreFullAgainNeedNoRow() throws Exception {
        refill(0, 0, 900, 0);
        refill(store(), request("client:bob:requests", 2000, 0, 0, 0));
        execute(database(), "UPDATE warder_limit SET filled_at = filled_at - INTERVAL '601' SECOND");
        store().beat(ONE);
        assertThat(texts(database(), "SELECT limit_key FROM warder_limit"))
                .as("the one that owes")
                .containsExactly("client:bob:requests");
    }

    private SlotState slots(UUID run, long used, long wanted) throws Exception {
        return store().exchange(run, List.of(), List.of(new SlotRequest("team:blue:concurrent", 10, used, wanted)))
                .slots()
                .get(0);
    }
}
