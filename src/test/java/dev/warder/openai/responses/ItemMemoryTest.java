package dev.warder.openai.responses;

import static dev.warder.openai.Talk.beginText;
import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.end;
import static dev.warder.openai.Talk.event;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.Talk.text;
import static dev.warder.openai.Talk.thinking;
import static dev.warder.openai.responses.Items.fed;
import static dev.warder.openai.responses.Items.signature;
import static dev.warder.openai.responses.Items.thinkingBlock;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.stream.Translation.StreamTranslation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a stream keeps, and what it allocates. */
class ItemMemoryTest {
    private static final int STREAMS = 300;
    private static final long MOST_SILENT = 4 * 1024;
    private static final long MOST_WITH_TOOLS = 12 * 1024;

    @Test
    void aSilentStreamKeepsLittle() {
        assertThat(heap(Items.FULL, start())).isLessThan(MOST_SILENT);
        assertThat(heap(Items.FULL, start() + event("ping", "").repeat(50))).isLessThan(MOST_SILENT);
    }

    @Test
    void theToolsOfARequestAreCompressed() {
        var context = withTools(50);
        assertThat(context.echo().toString().length()).isGreaterThan(50_000);
        assertThat(heap(context, start())).isLessThan(MOST_WITH_TOOLS);
        assertThat(repeated(context).getJsonArray("tools"))
                .isEqualTo(context.echo().getJsonArray("tools"));
    }

    /** However few bytes they are compressed to: the thread that translates the response is chosen by it. */
    @Test
    void whatAResponseRepeatsIsCounted() {
        var context = withTools(50);
        int bytes = new EchoedMembers(context.echo()).length();
        byte[] none = "{\"type\":\"message\",\"content\":[]}".getBytes(StandardCharsets.UTF_8);
        assertThat(bytes).isGreaterThan(50_000);
        assertThat(new String(Items.response(context).whole(none, false).orElseThrow(), StandardCharsets.UTF_8))
                .hasSizeGreaterThan(bytes);
    }

    /** A response has them up to three times, and a client decides how many there are. */
    @Test
    void largeMembersAreRepeatedWithoutTheirContent() {
        assertThat(repeated(withTools(100)).getJsonArray("tools")).isEmpty();
        var text = Json.createObjectBuilder(Items.ECHO)
                .add("instructions", "x".repeat(70_000))
                .add("tool_choice", "y".repeat(70_000))
                .build();
        var response = repeated(context(text));
        assertThat(response.get("instructions")).isEqualTo(JsonValue.NULL);
        // The limit is one of bytes, not of characters.
        var wide = Json.createObjectBuilder(Items.ECHO).add("instructions", "\u4e2d".repeat(30_000));
        assertThat(repeated(context(wide.build())).get("instructions")).isEqualTo(JsonValue.NULL);
        assertThat(response.getString("tool_choice")).isEqualTo("auto");
    }

    private static JsonObject repeated(ResponsesContext context) {
        return ItemFrames.framed(fed(Items.stream(context), start() + end("end_turn")))
                .response();
    }

    private static ResponsesContext withTools(int count) {
        var tools = Json.createArrayBuilder();
        for (int i = 0; i < count; i++) {
            tools.add(Json.createObjectBuilder()
                    .add("type", "function")
                    .add("name", "tool_" + i)
                    .add("description", ("Reads the file number " + i + " and returns its content, ").repeat(20)));
        }
        return context(Json.createObjectBuilder(Items.ECHO).add("tools", tools).build());
    }

    private static ResponsesContext context(JsonObject echo) {
        return new ResponsesContext("m", true, true, true, Optional.empty(), Items.TOOLS, PropertyNames.NONE, echo);
    }

    private static long heap(ResponsesContext context, String events) {
        var streams = new ArrayList<StreamTranslation>();
        fed(Items.stream(context), events);
        long before = used();
        for (int i = 0; i < STREAMS; i++) {
            var stream = Items.stream(context);
            fed(stream, events);
            streams.add(stream);
        }
        long each = (used() - before) / STREAMS;
        assertThat(streams).allMatch(stream -> stream.kept() < 16 * 1024);
        return each;
    }

    /** Bytes that are reachable; the least of some looks, because a collector may take its time. */
    private static long used() {
        long least = Long.MAX_VALUE;
        for (int look = 0; look < 3; look++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @Test
    void keepsTheOutputOnceAndNothingElse() {
        var stream = Items.stream(Items.SUMMARY);
        fed(stream, start() + event("ping", "").repeat(20) + beginText(0));
        long before = stream.kept();
        assertThat(before).as("what the response repeats").isBetween(1L, 2_000L);
        fed(stream, text(0, "x".repeat(1000)).repeat(50));
        assertThat(stream.kept() - before).isEqualTo(50_000);
        fed(stream, event("ping", "").repeat(20) + stop(0));
        assertThat(stream.kept() - before).isBetween(50_000L, 50_200L);
        fed(stream, beginTool(1, "t", "look") + input(1, "y".repeat(10_000)) + stop(1));
        assertThat(stream.kept() - before).isBetween(60_000L, 60_500L);
        fed(stream, thinkingBlock(2) + thinking(2, "z".repeat(10_000)) + signature(2, "c2ln") + stop(2));
        assertThat(stream.kept() - before).isBetween(70_000L, 70_800L);
        stream.whileSilent();
        assertThat(stream.kept() - before).isBetween(70_000L, 70_800L);
        fed(stream, end("tool_use"));
        assertThat(stream.kept()).isZero();
    }

    @Test
    void manySmallDeltasCostNoMoreThanTheirNumber() {
        for (String tool : new String[] {"look", "grammar"}) {
            String begin = start() + beginTool(0, "t", tool) + input(0, "{\"input\":\"");
            long few = allocated(begin, input(0, "abc"), 4_000);
            long many = allocated(begin, input(0, "abc"), 16_000);
            assertThat(many).as(tool).isLessThan(5 * few);
        }
        long few = allocated(start() + beginText(0), text(0, "abc"), 4_000);
        assertThat(allocated(start() + beginText(0), text(0, "abc"), 16_000)).isLessThan(5 * few);
    }

    /** Bytes that the translation allocates, from the first delta to the end. */
    private static long allocated(String begin, String delta, int count) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var stream = Items.stream(Items.FULL);
        fed(stream, begin);
        byte[] piece = delta.getBytes(StandardCharsets.UTF_8);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < count; i++) {
            stream.feed(piece);
        }
        fed(stream, stop(0) + end("tool_use"));
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
