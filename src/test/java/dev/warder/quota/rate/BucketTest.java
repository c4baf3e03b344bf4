package dev.warder.quota.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.BudgetScope;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketTest {
    private static final int SIZE = 6000;
    private static final LimitKey KEY = new LimitKey(BudgetScope.TEAM, "blue", LimitKind.INPUT_TOKENS);

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
        sharing.away(true);
        bucket.awayChanged(0);
        assertThat(bucket.has(SIZE, 0)).isTrue();
        bucket.change(SIZE, 0);
        assertThat(bucket.has(1, 0)).isFalse();
        assertThat(bucket.has(100, Duration.ofSeconds(1).toNanos())).isTrue();
    }
}
