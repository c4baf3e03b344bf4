package dev.warder.contract;

import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** A message as the API answers it, whole or as the events of a stream that say the same. Immutable. */
record ApiMessage(String stopReason, List<ApiBlock> content) {
    /** The model that answers. */
    static final String MODEL = "claude-sonnet-5-5";

    static final int INPUT = 20;
    static final int CACHE_CREATION = 5;
    static final int CACHE_READ = 100;
    static final int OUTPUT = 12;
    static final int THINKING = 4;

    ApiMessage {
        content = List.copyOf(content);
    }

    /** One that is the model's last word. */
    static ApiMessage said(ApiBlock... content) {
        return new ApiMessage("end_turn", List.of(content));
    }

    /** One after which tools are to be used. */
    static ApiMessage asked(ApiBlock... content) {
        return new ApiMessage("tool_use", List.of(content));
    }

    /** Answers with the whole message. */
    Script whole() {
        return (request, reply) -> reply.json(200, json());
    }

    /** Answers with the stream, a chunk an event. */
    Script streamed() {
        return (request, reply) -> {
            reply.eventStream();
            for (var event : events()) {
                reply.chunk(event);
            }
            reply.lastChunk();
        };
    }

    String json() {
        var blocks = Json.createArrayBuilder();
        content.forEach(block -> blocks.add(block.whole()));
        return message(blocks.build())
                .add("stop_reason", stopReason)
                .add("usage", usage(OUTPUT))
                .build()
                .toString();
    }

    /** With a ping behind the first, as the API sends one. */
    List<String> events() {
        var events = new ArrayList<String>();
        var start = Json.createObjectBuilder()
                .add("type", "message_start")
                .add(
                        "message",
                        message(JsonValue.EMPTY_JSON_ARRAY)
                                .add("stop_reason", JsonValue.NULL)
                                .add("usage", usage(1)));
        events.add(event(start));
        events.add(Messages.ping());
        for (int index = 0; index < content.size(); index++) {
            events.addAll(content.get(index).events(index));
        }
        events.add(event(Json.createObjectBuilder()
                .add("type", "message_delta")
                .add(
                        "delta",
                        Json.createObjectBuilder()
                                .add("stop_reason", stopReason)
                                .add("stop_sequence", JsonValue.NULL))
                .add("usage", usage(OUTPUT))));
        events.add(event(Json.createObjectBuilder().add("type", "message_stop")));
        return events;
    }

    private static JsonObjectBuilder message(JsonArray content) {
        return Json.createObjectBuilder()
                .add("id", "msg_01test")
                .add("type", "message")
                .add("role", "assistant")
                .add("model", MODEL)
                .add("content", content)
                .add("stop_sequence", JsonValue.NULL);
    }

    private static JsonObject usage(int output) {
        return Json.createObjectBuilder()
                .add("input_tokens", INPUT)
                .add("cache_creation_input_tokens", CACHE_CREATION)
                .add("cache_read_input_tokens", CACHE_READ)
                .add("output_tokens", output)
                .add(
                        "output_tokens_details",
                        Json.createObjectBuilder().add("thinking_tokens", Math.min(output, THINKING)))
                .add("service_tier", "standard")
                .build();
    }

    private static String event(JsonObjectBuilder data) {
        var json = data.build();
        return Messages.event(json.getString("type"), json.toString());
    }
}
