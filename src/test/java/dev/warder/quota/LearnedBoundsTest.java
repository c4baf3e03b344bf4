package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.H2Memory;
import dev.warder.testkit.OnH2;
import dev.warder.testkit.OnPostgres;
import dev.warder.testkit.Sql;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class LearnedBoundsTest {
    private static final BoundKey TEXT = new BoundKey("ann", "claude", BoundKind.TEXT);
    private static final BoundKey SPEED = new BoundKey("ann", "claude", BoundKind.SPEED);

    private final AtomicLong nanoTime = new AtomicLong(-5);
    private final LearnedBounds learned = new LearnedBounds(nanoTime::get);

    @Test
    void keepWhatIsNewOrLargerAtOnce() {
        learned.add(TEXT, 300);
        assertThat(learned.due()).containsExactly(new KeptBound(TEXT, 300, 1));
        keep();
        learned.add(TEXT, 200);
        learned.add(TEXT, 300);
        assertThat(learned.due()).isEmpty();
        learned.add(TEXT, 301);
        assertThat(learned.due()).containsExactly(new KeptBound(TEXT, 301, 4));
    }

    @Test
    void keepWhatIsLowerOrInUseOnceADay() {
        learned.add(TEXT, 300);
        keep();
        days(1);
        assertThat(learned.due()).as("a client that sends nothing").isEmpty();
        for (int i = 0; i < 16; i++) {
            learned.add(TEXT, 200);
        }
        assertThat(learned.due()).containsExactly(new KeptBound(TEXT, 200, 17));
        keep();
        learned.add(TEXT, 100);
        assertThat(learned.due()).isEmpty();
        assertThat(learned.changed()).as("at the end of the node").containsExactly(new KeptBound(TEXT, 200, 18));
    }

    @Test
    void theLargerCountsOfWhatWasKeptAndLearned() {
        learned.add(TEXT, 300);
        learned.addKept(List.of(new KeptBound(TEXT, 200, 5), new KeptBound(SPEED, 900, 600)));
        assertThat(learned.find(TEXT)).contains(new KeptBound(TEXT, 300, 6));
        assertThat(learned.due()).containsExactly(new KeptBound(TEXT, 300, 6));
        learned.add(SPEED, 800);
        assertThat(learned.find(SPEED)).contains(new KeptBound(SPEED, 900, 601));
    }

    @Test
    void whatWasKeptCountsLikeTheLastSample() {
        learned.addKept(List.of(new KeptBound(TEXT, 500, 20)));
        for (int i = 0; i < 16; i++) {
            assertThat(learned.find(TEXT))
                    .hasValueSatisfying(each -> assertThat(each.largest()).isEqualTo(500));
            learned.add(TEXT, 300);
        }
        learned.add(TEXT, 300);
        assertThat(learned.find(TEXT))
                .hasValueSatisfying(each -> assertThat(each.largest()).isEqualTo(300));
    }

    /** Models are the client's choice. */
    @Test
    void manyModelsOfAClientReplaceNoOthers() {
        learned.add(new BoundKey("bob", "claude", BoundKind.TEXT), 1);
        for (int i = 0; i < BoundStore.MOST; i++) {
            learned.add(new BoundKey("ann", "model " + i, BoundKind.TEXT), 1);
        }
        assertThat(learned.changed()).hasSize(BoundStore.MOST_OF_CLIENT + 1);
        assertThat(learned.find(new BoundKey("bob", "claude", BoundKind.TEXT))).isPresent();
        assertThat(learned.find(new BoundKey("ann", "model 0", BoundKind.TEXT))).isEmpty();
        assertThat(learned.find(new BoundKey("ann", "model 9999", BoundKind.TEXT)))
                .isPresent();
    }

    @Test
    void aLimitedNumberIsRemembered() {
        for (int i = 0; i <= BoundStore.MOST; i++) {
            learned.add(new BoundKey("client " + i, "claude", BoundKind.TEXT), 1);
        }
        assertThat(learned.changed()).hasSize(BoundStore.MOST);
        assertThat(learned.find(new BoundKey("client 0", "claude", BoundKind.TEXT)))
                .isEmpty();
    }

    @Test
    void nothingIsLearnedOfNamesThatCannotBeStored() {
        learned.add(new BoundKey("ann", "a".repeat(257), BoundKind.TEXT), 1);
        assertThat(learned.changed()).isEmpty();
    }

    @Test
    void valuesStayInTheRangeOfTheDatabase() {
        learned.add(TEXT, Long.MAX_VALUE);
        assertThat(learned.due()).containsExactly(new KeptBound(TEXT, KeptBound.MOST, 1));
    }

    private void keep() {
        learned.kept(learned.changed());
    }

    private void days(int count) {
        nanoTime.addAndGet(Duration.ofDays(count).toNanos());
    }

    @Timeout(60)
    @Nested
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
            assertThat(bounds().read())
                    .containsExactlyInAnyOrder(new KeptBound(ANN, 300, 10), new KeptBound(BOB, 900, 10));
        }

        @Test
        void removesWhatIsOld() throws Exception {
            bounds().keep(List.of(new KeptBound(ANN, 200, 9)));
            Sql.execute(h2.database(), "UPDATE warder_budget_bound SET seen_at = seen_at - INTERVAL '91' DAY");
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

    @Nested
    class H2Bounds extends OnH2 implements BoundsContract {}

    @Nested
    @Tag("turn-6")
    @Tag("turn-only")
    class PostgresBounds extends OnPostgres implements BoundsContract {}
}
