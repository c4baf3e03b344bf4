package dev.warder.demo;

import dev.warder.demo.DemoMessage.DemoContent;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/** A document of the API, a record; its members are in the order of the API. */
sealed interface DemoDocument {
    /** A message. In a stream it starts without content and without a stop reason. */
    @JsonbPropertyOrder({"id", "type", "role", "model", "content", "stopReason", "stopSequence", "usage"})
    record Message(
            String id,
            String type,
            String role,
            String model,
            List<DemoContent> content,
            @JsonbProperty(value = "stop_reason", nillable = true) Optional<String> stopReason,
            @JsonbProperty(value = "stop_sequence", nillable = true) Optional<String> stopSequence,
            Usage usage)
            implements DemoDocument {
        public Message {
            content = List.copyOf(content);
        }

        Message(String id, String model, List<DemoContent> content, Optional<String> stopReason, Usage usage) {
            this("msg_" + id, "message", "assistant", model, content, stopReason, Optional.empty(), usage);
        }
    }

    /** The tokens of a message; none are cached. */
    @JsonbPropertyOrder({"input", "cacheCreation", "cacheRead", "output"})
    record Usage(
            @JsonbProperty("input_tokens") int input,
            @JsonbProperty("cache_creation_input_tokens") int cacheCreation,
            @JsonbProperty("cache_read_input_tokens") int cacheRead,
            @JsonbProperty("output_tokens") int output) {
        Usage(int input, int output) {
            this(input, 0, 0, output);
        }
    }

    /** The response of {@code count_tokens}. */
    record TokenCount(@JsonbProperty("input_tokens") int inputTokens) implements DemoDocument {}

    /** The response of {@code /api/hello}. */
    record Hello(String message) implements DemoDocument {}

    /** A model. */
    @JsonbPropertyOrder({"type", "id", "displayName", "createdAt", "maxInputTokens", "maxTokens"})
    record Model(
            String type,
            String id,
            @JsonbProperty("display_name") String displayName,
            @JsonbProperty("created_at") String createdAt,
            @JsonbProperty("max_input_tokens") int maxInputTokens,
            @JsonbProperty("max_tokens") int maxTokens)
            implements DemoDocument {
        Model(String id, String displayName) {
            this("model", id, displayName, "2026-10-21T00:00:00Z", 200_000, 128_000);
        }
    }

    /** The only page of models. */
    @JsonbPropertyOrder({"data", "hasMore", "firstId", "lastId"})
    record Models(
            List<Model> data,
            @JsonbProperty("has_more") boolean hasMore,
            @JsonbProperty("first_id") String firstId,
            @JsonbProperty("last_id") String lastId)
            implements DemoDocument {
        public Models {
            data = List.copyOf(data);
        }

        Models(List<Model> data) {
            this(data, false, data.get(0).id(), data.get(data.size() - 1).id());
        }
    }
}
