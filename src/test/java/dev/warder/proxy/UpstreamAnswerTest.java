package dev.warder.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.record.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamAnswerTest {
    private static final int WINDOW = 64 * 1024;

    private final UpstreamAnswer answer = new UpstreamAnswer(new Silent(), Records.attempt());
    private final List<Integer> credits = new ArrayList<>();

    @Test
    void keepsTheCreditWhileMuchIsUntaken() {
        answer.consume(ByteBuffer.allocate(WINDOW));
        answer.updateCapacity(credits::add);
        answer.taken(8192);
        assertThat(credits).isEmpty();
        answer.taken(WINDOW - 8192);
        assertThat(credits).containsExactly(WINDOW);
    }

    @Test
    void handsOverWhatWasTakenBeforeTheWindowCame() {
        answer.consume(ByteBuffer.allocate(WINDOW));
        answer.taken(WINDOW);
        answer.updateCapacity(credits::add);
        assertThat(credits).containsExactly(WINDOW);
    }

    @Test
    void tellsNoFailureBehindTheEnd() {
        answer.consume(ByteBuffer.allocate(WINDOW));
        answer.updateCapacity(closed -> {
            throw new IOException("closed");
        });
        answer.streamEnd(List.of());
        answer.taken(WINDOW);
        answer.failed(new IOException("reset"));
        answer.cancelled();
        assertThat(credits).isEmpty();
    }

    /** HttpCore in short: it reads a piece after each credit, and on while its window is open. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void boundsWhatIsUntakenAndNeverStalls(long seed) {
        var random = new Random(seed);
        long window = WINDOW;
        long untaken = 0;
        long read = 0;
        boolean handed = false;
        for (int round = 0; round < 20_000; round++) {
            boolean credited = !credits.isEmpty();
            window += credits.stream().mapToInt(Integer::intValue).sum();
            credits.clear();
            while (window > 0 || credited) {
                credited = false;
                int piece = 1 + random.nextInt(8192);
                window -= piece;
                untaken += piece;
                read += piece;
                answer.consume(ByteBuffer.allocate(piece));
            }
            if (!handed) {
                answer.updateCapacity(credits::add);
                handed = true;
            }
            assertThat(untaken).isLessThanOrEqualTo(WINDOW + 8192);
            int taken = (int) Math.min(untaken, 1 + random.nextInt(9000));
            untaken -= taken;
            answer.taken(taken);
        }
        assertThat(read).isGreaterThan(20_000 * 3000L);
    }

    private static final class Silent implements UpstreamAnswer.Events {
        @Override
        public void fault(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void answerHead(HttpResponse head, @Nullable EntityDetails content) {}

        @Override
        public void answerPiece(ByteBuffer piece) {}

        @Override
        public void answerEnd() {}

        @Override
        public void answerFailed(Exception cause) {
            throw new AssertionError(cause);
        }
    }
}
