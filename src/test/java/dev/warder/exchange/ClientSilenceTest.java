package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientSilenceTest {
    /** Rule "Silence of a translated stream". */
    @ParameterizedTest
    @CsvSource({"15, 120", "1, 8", "60, 120", "0, 120"})
    void anEventIsDueAfterEightComments(int keepAlive, int seconds) {
        long due = Duration.ofSeconds(seconds).toNanos();
        var now = new AtomicLong(7);
        var silence = new ClientSilence(Duration.ofSeconds(keepAlive), now::get);
        now.addAndGet(due);
        assertThat(silence.eventDue()).isFalse();
        now.addAndGet(1);
        assertThat(silence.eventDue()).isTrue();
        silence.sent();
        assertThat(silence.eventDue()).as("after a comment").isTrue();
        silence.eventSent();
        now.addAndGet(due);
        assertThat(silence.eventDue()).isFalse();
        now.addAndGet(1);
        assertThat(silence.eventDue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"15, true", "0, false"})
    void aCommentIsDueAfterTheirInterval(int keepAlive, boolean due) {
        var now = new AtomicLong(7);
        var silence = new ClientSilence(Duration.ofSeconds(keepAlive), now::get);
        now.addAndGet(Duration.ofSeconds(15).toNanos());
        assertThat(silence.commentDue()).isFalse();
        now.addAndGet(1);
        assertThat(silence.commentDue()).isEqualTo(due);
        silence.sent();
        assertThat(silence.commentDue()).isFalse();
    }
}
