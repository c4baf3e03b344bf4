package dev.warder.openai.responses;

import dev.warder.config.Secret;
import dev.warder.openai.Talk;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.stream.Translation.StreamTranslation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Contexts of requests, and translations of scripted streams. */
final class Items {
    static final ReasoningSeal SEAL = new ReasoningSeal(List.of(Secret.of("a key")));
    static final int LIMIT = 1 << 20;
    static final Instant CREATED = Instant.ofEpochSecond(1_800_000_000);
    static final Instant COMPLETED = Instant.ofEpochSecond(1_800_000_007);

    static final JsonObject ECHO = Talk.object(
            """
            {"instructions":null,"metadata":{},"parallel_tool_calls":true,"temperature":null,"tool_choice":"auto",\
            "tools":[],"top_p":null,"store":false}""");

    static final ToolNames TOOLS = new ToolNames(Map.of(
            "ns__run", new CalledTool(ToolKind.FUNCTION, "run", Optional.of("ns")),
            "grammar", new CalledTool(ToolKind.CUSTOM, "grammar", Optional.empty()),
            "local", new CalledTool(ToolKind.LOCAL_SHELL, "local", Optional.empty()),
            "shell", new CalledTool(ToolKind.SHELL, "shell", Optional.empty()),
            "patch", new CalledTool(ToolKind.APPLY_PATCH, "patch", Optional.empty())));

    static final ResponsesContext FULL = context(true, true, Optional.empty());
    static final ResponsesContext SUMMARY = context(true, false, Optional.empty());
    static final ResponsesContext SEALED = context(false, true, Optional.empty());
    static final ResponsesContext PLAIN = context(false, false, Optional.empty());
    static final ResponsesContext UNWRAPPED = context(true, true, Optional.of("answer"));

    private Items() {}

    private static ResponsesContext context(boolean summary, boolean encrypted, Optional<String> unwrappedTool) {
        return new ResponsesContext(
                "gpt-\u00fc", true, summary, encrypted, unwrappedTool, TOOLS, PropertyNames.NONE, ECHO);
    }

    static ItemWriter response(ResponsesContext context) {
        return new ItemWriter(
                context,
                SEAL,
                new EchoedMembers(context.echo()),
                new InstantSource() {
                    private Instant next = CREATED;

                    @Override
                    public Instant instant() {
                        var now = next;
                        next = COMPLETED;
                        return now;
                    }
                },
                "given");
    }

    static StreamTranslation stream(ResponsesContext context) {
        return response(context).stream(LIMIT);
    }

    /** The events of a stream that arrives at once, each of them checked. */
    static ItemFrames frames(ResponsesContext context, String events) {
        return ItemFrames.of(translated(context, events.getBytes(StandardCharsets.UTF_8)));
    }

    static byte[] translated(ResponsesContext context, byte[] bytes) {
        return Talk.translated(stream(context), bytes, bytes.length);
    }

    /** The translation of a stream that is cut at one position. */
    static byte[] translated(ResponsesContext context, byte[] bytes, int cut) {
        var stream = stream(context);
        var out = new ByteArrayOutputStream();
        out.writeBytes(stream.feed(Arrays.copyOf(bytes, cut)));
        out.writeBytes(stream.feed(Arrays.copyOfRange(bytes, cut, bytes.length)));
        out.writeBytes(stream.end());
        return out.toByteArray();
    }

    static byte[] fed(StreamTranslation stream, String events) {
        return stream.feed(events.getBytes(StandardCharsets.UTF_8));
    }

    static String thinkingBlock(int index) {
        return Talk.begin(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
    }

    static String signature(int index, String signature) {
        return Talk.delta(index, DeltaKind.SIGNATURE, Talk.quoted(signature));
    }

    static String citation(int index, String url, String title) {
        var source = Json.createObjectBuilder()
                .add("type", "web_search_result_location")
                .add("url", url)
                .add("title", title)
                .add("cited_text", "no");
        var delta = Json.createObjectBuilder().add("type", "citations_delta").add("citation", source);
        return Talk.event("content_block_delta", "\"index\":" + index + ",\"delta\":" + delta.build());
    }

    /** A search and its result, in two blocks from this index on. */
    static String search(int index, String id, String query) {
        return searchUse(index, id, query)
                + searchResult(index + 1, id, "[{\"type\":\"web_search_result\",\"url\":\"u\"}]");
    }

    static String searchUse(int index, String id, String query) {
        return Talk.begin(
                        index,
                        "{\"type\":\"server_tool_use\",\"id\":\"" + id + "\",\"name\":\"web_search\",\"input\":{}}")
                + Talk.input(index, "{\"query\":")
                + Talk.input(index, Talk.quoted(query) + "}")
                + Talk.stop(index);
    }

    static String searchResult(int index, String id, String content) {
        return Talk.begin(
                        index,
                        "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"" + id + "\",\"content\":" + content
                                + "}")
                + Talk.stop(index);
    }
}
