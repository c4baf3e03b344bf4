package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryShare;
import dev.warder.body.SegmentPool;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.state.OffloadExecutor;
import dev.warder.stream.Translation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTranslationTest {
    private static final int TOTAL = 1 << 20;
    private static final String SMALL = "{}";
    private static final String LARGE = "{\"a\":\"" + "x".repeat(100_000) + "\"}";

    private final MemoryBudget budget = new MemoryBudget(TOTAL);
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final List<String> replies = new ArrayList<>();
    private final BodyMemory memory = memory();
    private final RequestTranslation translation = new RequestTranslation(
            new Refusing(),
            BodyPolicy.NONE,
            memory,
            new OffloadExecutor(threads::add, fault -> replies.add(fault.toString())),
            (translated, outline) -> replies.add("sent"),
            new Refusals());

    @Test
    void aLargeOneIsTranslatedOnAnotherThread() {
        translation.translate(Bodies.of(LARGE));
        assertThat(replies).isEmpty();
        threads.remove().run();
        assertThat(replies).containsExactly(LARGE);
    }

    /** The thread that gave back the memory serves another request. */
    @Test
    void soIsASmallOneThatWaitedForMemory() {
        var first = full();
        var second = full();
        assertThat(memory.covers(0, () -> translation.translate(Bodies.of(SMALL))))
                .isFalse();
        first.release();
        second.release();
        assertThat(replies).isEmpty();
        threads.remove().run();
        assertThat(replies).containsExactly(SMALL);
    }

    @Test
    void afterTheEndOfTheExchangeNothingIsTranslated() {
        translation.translate(Bodies.of(LARGE));
        translation.close();
        threads.remove().run();
        assertThat(replies).isEmpty();
    }

    @Test
    void soItIsWhenTheMemoryForTheTranslationComesLater() {
        var first = full();
        var second = full();
        translation.translate(Bodies.of(SMALL));
        first.release();
        second.release();
        translation.close();
        threads.remove().run();
        assertThat(replies).isEmpty();
    }

    private MemoryBudget.Claim full() {
        var claim = budget.claim(MemoryShare.UNLIMITED, -1);
        claim.grow(TOTAL, () -> {});
        return claim;
    }

    private BodyMemory memory() {
        var claim = budget.claim(MemoryShare.UNLIMITED, -1);
        return new BodyMemory(
                new BodyStorage(
                        TOTAL,
                        Duration.ofMinutes(1),
                        budget,
                        new SegmentPool(0),
                        client -> MemoryShare.UNLIMITED,
                        () -> 0),
                claim,
                TOTAL,
                1,
                1,
                fault -> replies.add(fault.toString()));
    }

    /** Refuses each body with its own text. */
    private static final class Refusing implements Translation {
        @Override
        public Outcome translate(Chunks body) {
            return new Outcome.Refused(ErrorReply.invalidRequest(Bodies.text(body)));
        }
    }

    private final class Refusals implements RefusalHandler {
        @Override
        public void refused(ErrorReply reply) {
            replies.add(reply.message());
        }

        @Override
        public void clientGone() {
            throw new AssertionError();
        }

        @Override
        public void fault(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
