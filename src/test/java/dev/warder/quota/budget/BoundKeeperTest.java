package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.H2Memory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class BoundKeeperTest {
    private static final BoundKey ANN = new BoundKey("ann", "claude", BoundKind.TEXT);
    private static final BoundKey BOB = new BoundKey("bob", "claude", BoundKind.TEXT);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final LearnedBounds learned = new LearnedBounds(System::nanoTime);

    /** As before a kill. */
    @Test
    void keepsWhileTheNodeRuns() throws Exception {
        learned.add(ANN, 300);
        try (var keeper = keeper()) {
            keeper.start();
            keeper.allow();
            while (bounds().read().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(bounds().read()).containsExactly(new KeptBound(ANN, 300, 1));
        }
    }

    @Test
    void combinesWhatWasLearnedBeforeTheFirstRead() throws Exception {
        bounds().keep(List.of(new KeptBound(ANN, 200, 9), new KeptBound(BOB, 900, 9)));
        learned.add(ANN, 300);
        learned.add(BOB, 300);
        try (var keeper = keeper()) {
            keeper.start();
            keeper.allow();
            while (samples(BOB) < 10) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(learned.find(ANN)).contains(new KeptBound(ANN, 300, 10));
            assertThat(learned.find(BOB)).contains(new KeptBound(BOB, 900, 10));
        }
        assertThat(bounds().read()).containsExactlyInAnyOrder(new KeptBound(ANN, 300, 10), new KeptBound(BOB, 900, 10));
    }

    @Test
    void removesWhatIsOld() throws Exception {
        bounds().keep(List.of(new KeptBound(ANN, 200, 9)));
        try (var connection = h2.database().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("UPDATE warder_budget_bound SET seen_at = seen_at - INTERVAL '91' DAY");
        }
        try (var keeper = keeper()) {
            keeper.start();
            keeper.allow();
            while (!bounds().read().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private long samples(BoundKey key) {
        return learned.find(key).map(KeptBound::samples).orElse(0L);
    }

    private BoundKeeper keeper() {
        return new BoundKeeper(bounds(), learned, Thread::new, System::nanoTime);
    }

    private DatabaseBounds bounds() {
        return new DatabaseBounds(h2.database());
    }
}
