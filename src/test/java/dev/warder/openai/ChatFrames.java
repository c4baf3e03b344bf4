package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a chat client reads of a stream: its frames, each of them checked for its form. */
public record ChatFrames(List<String> data) {
    private static final String DONE = "[DONE]";

    /** Errors have a name, and nothing else has. */
    private static final String ERROR = "event: error\n";

    /** Held: to find it takes longer than to read a chunk. */
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    public static ChatFrames of(byte[] stream) {
        String text = new String(stream, StandardCharsets.UTF_8);
        assertLines(text);
        var data = new ArrayList<String>();
        for (String frame : text.split("\n\n")) {
            if (!frame.isEmpty()) {
                String line = frame.startsWith(ERROR) ? frame.substring(ERROR.length()) : frame;
                assertThat(line).startsWith("data: ").doesNotContain("\n", "\r");
                assertThat(frame.startsWith(ERROR)).isEqualTo(line.startsWith("data: {\"error\":"));
                data.add(line.substring("data: ".length()));
            }
        }
        assertThat(text)
                .satisfiesAnyOf(t -> assertThat(t).isEmpty(), t -> assertThat(t).endsWith("\n\n"));
        return new ChatFrames(data);
    }

    /** Clients that cut lines at each end of a line that Unicode has read the same frames. */
    public static void assertLines(String stream) {
        assertThat(stream.split("\\R", -1)).isEqualTo(stream.split("\n", -1));
    }

    public static JsonObject json(String text) {
        try (var reader = READERS.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** All chunks, an error and the end left out. */
    public List<JsonObject> chunks() {
        return data.stream()
                .filter(frame -> !frame.equals(DONE))
                .map(ChatFrames::json)
                .filter(chunk -> !chunk.containsKey("error"))
                .toList();
    }

    /** The deltas of all choices, in their order. */
    public List<JsonObject> deltas() {
        return choices().stream().map(choice -> choice.getJsonObject("delta")).toList();
    }

    public List<JsonObject> choices() {
        return chunks().stream()
                .flatMap(chunk -> chunk.getJsonArray("choices").stream())
                .map(JsonValue::asJsonObject)
                .toList();
    }

    /** All pieces of a text member of the deltas. */
    public String joined(String member) {
        var text = new StringBuilder();
        deltas().stream()
                .filter(delta -> delta.get(member) instanceof JsonString)
                .forEach(delta -> text.append(delta.getString(member)));
        return text.toString();
    }

    /** What the deltas say of the call with this index. */
    public List<JsonObject> calls(int index) {
        return deltas().stream()
                .filter(delta -> delta.containsKey("tool_calls"))
                .map(delta -> delta.getJsonArray("tool_calls"))
                .map(JsonArray::asJsonArray)
                .map(calls -> calls.getJsonObject(0))
                .filter(call -> call.getInt("index") == index)
                .toList();
    }

    /** The pieces of that call's arguments, joined. */
    public String arguments(int index) {
        var text = new StringBuilder();
        calls(index).forEach(call -> text.append(call.getJsonObject("function").getString("arguments")));
        return text.toString();
    }

    /** The reasons told, in their order. */
    public List<String> finishReasons() {
        return choices().stream()
                .filter(choice -> !choice.isNull("finish_reason"))
                .map(choice -> choice.getString("finish_reason"))
                .toList();
    }

    public JsonObject error() {
        return json(data.get(data.size() - 1)).getJsonObject("error");
    }

    public boolean done() {
        return data.contains(DONE);
    }
}
