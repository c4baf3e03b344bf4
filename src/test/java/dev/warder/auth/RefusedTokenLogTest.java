package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusedTokenLogTest {
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 7);
    private final RefusedTokenLog refused = new RefusedTokenLog(time::get);
    private final LogCapture log = new LogCapture(RefusedTokenLog.class);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void hasOneLineForEachTokenAndMinute() {
        refused.add("ci", "first");
        for (int i = 0; i < 100; i++) {
            refused.add("ci", "later");
        }
        refused.add("laptop", "other");
        assertThat(log.all())
                .containsExactly(
                        "policy.file: the access token named ci belongs to no client, request first gets 403; its next"
                                + " line follows after a minute at the earliest",
                        "policy.file: the access token named laptop belongs to no client, request other gets 403; its"
                                + " next line follows after a minute at the earliest");
        pass(Duration.ofSeconds(59));
        refused.add("ci", "later");
        assertThat(log.all()).hasSize(2);
        pass(Duration.ofSeconds(1));
        refused.add("ci", "second");
        refused.add("ci", "later");
        assertThat(log.all()).hasSize(3).last().asString().contains("request second ");
    }

    @Test
    void remembersALimitedNumberOfTokens() {
        for (int i = 0; i < 3 * RefusedTokenLog.MOST; i++) {
            refused.add("token-" + i, "id");
        }
        assertThat(log.all()).hasSize(RefusedTokenLog.MOST);
        pass(Duration.ofMinutes(1));
        refused.add("ci", "id");
        assertThat(log.all()).hasSize(RefusedTokenLog.MOST + 1);
    }

    private void pass(Duration span) {
        time.addAndGet(span.toNanos());
    }
}
