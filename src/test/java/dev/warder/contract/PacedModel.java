package dev.warder.contract;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An upstream that generates as fast as Claude Opus 5.5 does, ten times accelerated, and counts what it would bill at the list
 * prices. Four bytes of a request are a token. The prompt is in the cache except for 4 % of the requests, and 5 % of it are
 * written. The response has a lognormal length. Thread-safe.
 */
final class PacedModel implements Script {
    static final String MODEL = "claude-opus-5-5";

    static final int BYTES_PER_TOKEN = 4;

    /** Nano-dollars of a token. */
    private static final long WRITE = 5000;

    private static final long READ = 200;
    private static final long OUTPUT = 20_000;

    private static final double MISSES = 0.04;
    private static final double WRITTEN = 0.05;
    private static final double MEDIAN = 500;
    private static final double SIGMA = 1.25;

    /** One in 400 would be longer; a run would have to wait for it. */
    private static final long LONGEST = 16_000;

    private static final long TOKENS_PER_SECOND = 80 * FasterModels.SPEED;
    private static final Duration FIRST = Duration.ofSeconds(1).dividedBy(FasterModels.SPEED);
    private static final Duration PIECE = Duration.ofMillis(500).dividedBy(FasterModels.SPEED);

    private final Random random;
    private final AtomicLong billed = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();

    PacedModel(long seed) {
        random = new Random(seed);
    }

    /** Nano-dollars of all that was read and generated. */
    long billed() {
        return billed.get();
    }

    /** How many requests came. */
    long requests() {
        return requests.get();
    }

    @Override
    public void run(RecordedRequest request, Reply reply) throws Exception {
        requests.incrementAndGet();
        long prompt = request.length() / BYTES_PER_TOKEN;
        long written = missesCache() ? prompt : Math.round(prompt * WRITTEN);
        long output = output();
        LockSupport.parkNanos(FIRST.toNanos());
        billed.addAndGet(written * WRITE + (prompt - written) * READ);
        reply.eventStream();
        reply.chunk(Messages.start()
                .replace("claude-test", MODEL)
                .replace(
                        "\"input_tokens\":3",
                        "\"input_tokens\":0,\"cache_creation_input_tokens\":" + written
                                + ",\"cache_read_input_tokens\":" + (prompt - written)));
        long generated = 0;
        try {
            generated = generate(output, reply);
        } finally {
            billed.addAndGet(generated * OUTPUT);
        }
        reply.chunk(Messages.end().replace("\"output_tokens\":5", "\"output_tokens\":" + output));
        reply.lastChunk();
    }

    /** How many tokens were generated until the end, or until the gateway left. */
    private static long generate(long output, Reply reply) {
        long began = System.nanoTime();
        long generated = 0;
        while (generated < output) {
            LockSupport.parkNanos(PIECE.toNanos());
            long possible = (System.nanoTime() - began)
                    * TOKENS_PER_SECOND
                    / Duration.ofSeconds(1).toNanos();
            generated = Math.min(output, possible);
            try {
                reply.chunk(Messages.delta("some words "));
            } catch (IOException left) {
                return generated;
            }
        }
        return generated;
    }

    private boolean missesCache() {
        return random.nextDouble() < MISSES;
    }

    private long output() {
        return Math.max(1, Math.min(LONGEST, Math.round(MEDIAN * Math.exp(SIGMA * random.nextGaussian()))));
    }
}
