package dev.warder.openai.responses;

import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.ReasoningSeal;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Making the events of the Responses API; one operation is a whole response of 200 events of 140 bytes of text. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ItemStreamBenchmark {
    private static final int EVENTS = 200;
    private static final int LIMIT = 16 * 1024 * 1024;
    private static final String START =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude",\
            "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            """;
    private static final String EVENT =
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}

            """
                    .formatted("word ".repeat(28));
    private static final String END =
            """
            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
            "usage":{"output_tokens":200}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    /** Bytes that arrive at once: about one event, and many. */
    @Param({"256", "8192"})
    public int piece;

    private final ResponsesContext context = new ResponsesContext(
            "gpt-5",
            true,
            true,
            true,
            Optional.empty(),
            new ToolNames(Map.of()),
            PropertyNames.NONE,
            JsonValue.EMPTY_JSON_OBJECT);
    private final byte[] stream = (START + EVENT.repeat(EVENTS) + END).getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    public long translate() {
        var seal = new ReasoningSeal(List.of());
        var echo = new EchoedMembers(context.echo());
        var response = new ItemWriter(context, seal, echo, InstantSource.system(), "x").stream(LIMIT);
        long written = 0;
        for (int at = 0; at < stream.length; at += piece) {
            written += response.feed(Arrays.copyOfRange(stream, at, Math.min(at + piece, stream.length))).length;
        }
        return written;
    }
}
