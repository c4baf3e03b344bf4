package dev.warder.openai;

import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.PropertyNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
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

/** Making chunks of an event stream; one operation is one event of a few words, as the API sends them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ChatStreamBenchmark {
    private static final int EVENTS = 1000;
    private static final int LIMIT = 16 * 1024 * 1024;
    private static final String START =
            """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            """;
    private static final String EVENT =
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" a few more words"}}

            """;

    /** Bytes that arrive at once: pieces that cut events, about one event, and many. */
    @Param({"60", "139", "8192"})
    public int piece;

    private final ChatContext context =
            new ChatContext("gpt-5", true, true, true, Optional.empty(), false, Set.of(), PropertyNames.NONE);
    private final byte[] stream = (START + EVENT.repeat(EVENTS)).getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long translate() {
        var chat = new ChatStream(context, "x", Instant.EPOCH).stream(LIMIT);
        long written = 0;
        for (int at = 0; at < stream.length; at += piece) {
            written += chat.feed(Arrays.copyOfRange(stream, at, Math.min(at + piece, stream.length))).length;
        }
        return written;
    }
}
