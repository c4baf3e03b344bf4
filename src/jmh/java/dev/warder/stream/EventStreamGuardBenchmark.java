package dev.warder.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Following an event stream; one operation is one event of a few words, as the API sends them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class EventStreamGuardBenchmark {
    private static final int EVENTS = 1000;
    private static final String EVENT =
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" a few more words"}}

            """;

    /** Bytes that arrive at once: pieces that cut events, about one event, and many. */
    @Param({"60", "139", "8192"})
    public int piece;

    private final byte[] stream = EVENT.repeat(EVENTS).getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public boolean follow() {
        var guard = EventStreamGuard.inBytes();
        for (int at = 0; at < stream.length; at += piece) {
            guard.follow(Arrays.copyOfRange(stream, at, Math.min(at + piece, stream.length)));
        }
        return guard.betweenEvents();
    }
}
