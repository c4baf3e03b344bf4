package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.BudgetScope;
import dev.warder.quota.LimitStore.Refill;
import dev.warder.usage.OutputRate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The parts that limits of rates are made of. */
class LimitPartsTest {
    @Nested
    class BucketTest {
        private static final int SIZE = 6000;
        private static final LimitKey KEY = SampleNeeds.key(BudgetScope.TEAM, "blue", LimitKind.INPUT_TOKENS);

        private final Sharing sharing = Sharing.byDatabase();
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
        private final Sharing sharing = Sharing.byDatabase();

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

    @Nested
    class UsualSpeedsTest {
        private static final String MODEL = "claude-haiku-4-5";
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        private final UsualSpeeds speeds = new UsualSpeeds(new OutputRate(250, 500));

        @Test
        void aModelIsAssumedToBeFastUntilOneOfItsResponsesIsKnown() {
            assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(250);
            assertThat(speeds.tokens(MODEL, true, SECOND)).isEqualTo(500);

            speeds.learn(MODEL, false, 800, 10 * SECOND);

            assertThat(speeds.tokens(MODEL, false, 2 * SECOND)).isEqualTo(160);
            assertThat(speeds.tokens(MODEL, true, SECOND)).isEqualTo(500);
            assertThat(speeds.tokens("claude-opus-5-5", false, SECOND)).isEqualTo(250);
        }

        @Test
        void isTheMeanOfTheLastResponses() {
            speeds.learn(MODEL, false, 100, SECOND);
            speeds.learn(MODEL, false, 200, SECOND);
            assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(150);
            for (int i = 0; i < 200; i++) {
                speeds.learn(MODEL, false, 100, SECOND);
            }
            assertThat(speeds.tokens(MODEL, false, SECOND)).isBetween(100L, 101L);
        }

        /** Their time is that until their first token, or that of a client that reads slowly. */
        @Test
        void ignoresShortResponsesAndIsNeverTooSlowOrTooFast() {
            speeds.learn(MODEL, false, 99, 10 * SECOND);
            assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(250);
            speeds.learn(MODEL, false, 100, 1000 * SECOND);
            assertThat(speeds.tokens(MODEL, false, SECOND)).isEqualTo(25);
            speeds.learn("other", false, 150, 1000);
            assertThat(speeds.tokens("other", false, SECOND)).isEqualTo(250);
            speeds.learn("other", false, 150, SECOND);
            assertThat(speeds.tokens("other", false, SECOND)).isEqualTo(200);
        }
    }
}
