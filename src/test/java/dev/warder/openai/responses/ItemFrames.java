package dev.warder.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseStreamEvent;
import dev.warder.openai.ChatFrames;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a client of the Responses API reads of a stream: its events, each of them checked for its form. */
record ItemFrames(List<JsonObject> events) {
    private static final JsonMapper JSON = ObjectMappers.jsonMapper();
    private static final String SPENT = "insufficient_quota";

    /** The events that repeat what the deltas of a part have in sum, by the names of the deltas' events. */
    private static final Map<String, String> DELTAS = Map.of(
            "response.output_text.delta", "text",
            "response.refusal.delta", "refusal",
            "response.function_call_arguments.delta", "arguments",
            "response.custom_tool_call_input.delta", "input",
            "response.reasoning_summary_text.delta", "text");

    /** Checks frames, sequence numbers, order, indexes and schema. */
    static ItemFrames of(byte[] stream) {
        var frames = framed(stream);
        frames.checkSchema();
        frames.checkOrder();
        return frames;
    }

    /** Checks frames and sequence numbers only. */
    static ItemFrames framed(byte[] stream) {
        String text = new String(stream, StandardCharsets.UTF_8);
        ChatFrames.assertLines(text);
        assertThat(text)
                .satisfiesAnyOf(t -> assertThat(t).isEmpty(), t -> assertThat(t).endsWith("\n\n"));
        var events = new ArrayList<JsonObject>();
        for (String frame : text.split("\n\n", -1)) {
            if (!frame.isEmpty()) {
                var lines = frame.split("\n", -1);
                assertThat(lines).hasSize(2);
                var event = ChatFrames.json(lines[1].substring("data: ".length()));
                assertThat(lines[0]).isEqualTo("event: " + event.getString("type"));
                assertThat(lines[1]).startsWith("data: {");
                events.add(event);
            }
        }
        return new ItemFrames(events);
    }

    static Response validated(JsonObject response) {
        var read = read(response, Response.class);
        return hasReasonOfTheApi(response) ? read : read.validate();
    }

    private static <T> T read(JsonObject json, Class<T> type) {
        try {
            return JSON.readValue(json.toString(), type);
        } catch (JsonProcessingException unreadable) {
            throw new AssertionError(json.toString(), unreadable);
        }
    }

    private void checkSchema() {
        var accumulator = ResponseAccumulator.create();
        for (JsonObject event : events) {
            var read = read(event, ResponseStreamEvent.class);
            boolean ends = event.getString("type").equals("response.incomplete");
            if (!event.toString().contains(SPENT) && !(ends && hasReasonOfTheApi(event.getJsonObject("response")))) {
                read.validate();
            }
            accumulator.accumulate(read);
        }
        if (!events.isEmpty() && isEnd(last())) {
            assertThat(accumulator.response().id()).isEqualTo(response().getString("id"));
        }
    }

    /** Whether a response is incomplete for a reason that OpenAI's API does not have. */
    private static boolean hasReasonOfTheApi(JsonObject response) {
        return response.get("incomplete_details") instanceof JsonObject details
                && !details.getString("reason", "max_output_tokens").equals("max_output_tokens");
    }

    /** Whether an event ends the response. */
    static boolean isEnd(JsonObject event) {
        return List.of("response.completed", "response.incomplete", "response.failed")
                .contains(event.getString("type"));
    }

    /** Whether an item is a call whose input is not complete; only calls have this member. */
    private static boolean isCutOff(JsonObject item) {
        return item.containsKey("call_id") && item.getString("status").equals("incomplete");
    }

    private void checkOrder() {
        var deltas = new HashMap<String, String>();
        var ids = new TreeMap<Integer, String>();
        var done = new TreeMap<Integer, JsonObject>();
        for (int i = 0; i < events.size(); i++) {
            JsonObject event = events.get(i);
            String type = event.getString("type");
            assertThat(event.getInt("sequence_number")).isEqualTo(i);
            assertThat(isEnd(event)).as(type).isEqualTo(isEnd(event) && i == events.size() - 1);
            if (type.equals("response.output_item.added")) {
                assertThat(event.getInt("output_index")).isEqualTo(ids.size());
                ids.put(ids.size(), event.getJsonObject("item").getString("id"));
            } else if (type.equals("response.output_item.done")) {
                assertThat(event.getJsonObject("item").getString("id"))
                        .isEqualTo(ids.get(event.getInt("output_index")));
                assertThat(done.put(event.getInt("output_index"), event.getJsonObject("item")))
                        .isNull();
            } else if (event.containsKey("item_id")) {
                assertThat(event.getString("item_id")).isEqualTo(ids.get(event.getInt("output_index")));
                assertThat(done).doesNotContainKey(event.getInt("output_index"));
                part(event, deltas);
            }
        }
        if (!events.isEmpty()
                && List.of("response.completed", "response.incomplete").contains(last().getString("type"))) {
            assertThat(output()).hasSize(ids.size());
            assertThat(List.copyOf(done.values()))
                    .isEqualTo(output().stream().filter(item -> !isCutOff(item)).toList());
            output().stream().filter(ItemFrames::isCutOff).forEach(item -> deltas.keySet()
                    .removeIf(key -> key.startsWith(item.getString("id") + "null")));
            assertThat(deltas.values()).isEmpty();
        }
    }

    /** The deltas of a part equal what its end repeats. */
    private static void part(JsonObject event, Map<String, String> deltas) {
        String type = event.getString("type");
        String key = event.getString("item_id") + event.get("content_index") + event.get("summary_index");
        if (DELTAS.containsKey(type)) {
            assertThat(event.getString("delta")).isNotEmpty();
            deltas.merge(key, event.getString("delta"), String::concat);
        }
        DELTAS.forEach((delta, member) -> {
            if (type.equals(delta.replace(".delta", ".done"))) {
                assertThat(event.getString(member)).isEqualTo(deltas.getOrDefault(key, ""));
                deltas.remove(key);
            }
        });
    }

    JsonObject last() {
        return events.get(events.size() - 1);
    }

    /** The response object of the last event. */
    JsonObject response() {
        return last().getJsonObject("response");
    }

    List<JsonObject> output() {
        return response().getJsonArray("output").getValuesAs(JsonObject.class);
    }

    List<String> types() {
        return events.stream()
                .map(event -> event.getString("type").substring("response.".length()))
                .toList();
    }

    List<JsonObject> all(String type) {
        return events.stream()
                .filter(event -> event.getString("type").equals("response." + type))
                .toList();
    }

    /** All deltas of a type, joined. */
    String joined(String type) {
        var text = new StringBuilder();
        all(type).forEach(event -> text.append(event.getString("delta")));
        return text.toString();
    }

    /** The texts of a member of the items, of this type, and of their parts. */
    static List<String> texts(List<JsonObject> output, String type, String list, String member) {
        var texts = new ArrayList<String>();
        for (JsonObject item : output) {
            if (item.getString("type").equals(type)) {
                for (JsonValue part : item.getJsonArray(list)) {
                    if (part.asJsonObject().get(member) instanceof JsonString text) {
                        texts.add(text.getString());
                    }
                }
            }
        }
        return texts;
    }
}
