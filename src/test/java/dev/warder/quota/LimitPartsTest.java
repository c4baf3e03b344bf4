package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.BudgetScope;
import dev.warder.quota.LimitStore.Refill;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The parts that limits of rates are made of. */
class LimitPartsTest {
    @Nested
    class BucketTest {
        private static final int SIZE = 6000;
        private static final LimitKey KEY = SampleNeeds.key(BudgetScope.TEAM, "blue", LimitKind.INPUT_TOKENS);

        private final Sharing sharing = new Sharing(false);
        private final Bucket bucket = new Bucket(KEY, SIZE, sharing, 0);

        /** The database's bucket has room for a minute's amount, however much is given back. */
        @Test
        void whatIsGivenBackWhileTheDatabaseGoesAwayIsNoMoreThanAMinutesAmount() {
            for (int i = 0; i < 5; i++) {
                bucket.change(SIZE, 0);
                bucket.refilled(new Refill(KEY.text(), SIZE, 0), 0);
            }
            for (int i = 0; i < 5; i++) {
                bucket.change(-SIZE, 0);
            }
            sharing.away = true;
            bucket.awayChanged(0);
            assertThat(bucket.has(SIZE, 0)).isTrue();
            bucket.change(SIZE, 0);
            assertThat(bucket.has(1, 0)).isFalse();
            assertThat(bucket.has(100, Duration.ofSeconds(1).toNanos())).isTrue();
        }
    }

    @Nested
    class SharingTest {
        private final Sharing sharing = new Sharing(false);

        @Test
        void takesWhatIsWaitedForFirstAndOneOfTheOthersAfterFour() {
            for (int i = 0; i < 3; i++) {
                sharing.changed(limit("other" + i));
            }
            for (int i = 0; i < 6; i++) {
                sharing.lacks(limit("urgent" + i));
            }
            assertThat(all())
                    .containsExactly(
                            "urgent0", "urgent1", "urgent2", "urgent3", "other0", "urgent4", "urgent5", "other1",
                            "other2");
        }

        @Test
        void hasEachOnceOfEachKind() {
            var limit = limit("a");
            sharing.changed(limit);
            sharing.changed(limit);
            sharing.lacks(limit);
            sharing.lacks(limit);
            assertThat(sharing.due()).isEqualTo(2);
            assertThat(all()).containsExactly("a", "a");
            assertThat(limit.due || limit.urgent).isFalse();
            sharing.changed(limit);
            assertThat(all()).containsExactly("a");
        }

        private List<String> all() {
            return Stream.generate(sharing::next)
                    .takeWhile(Objects::nonNull)
                    .map(limit -> limit.key().owner().name())
                    .toList();
        }

        private Slots limit(String client) {
            return new Slots(SampleNeeds.key(BudgetScope.CLIENT, client, LimitKind.CONCURRENT), 9, sharing, 0);
        }
    }
}
