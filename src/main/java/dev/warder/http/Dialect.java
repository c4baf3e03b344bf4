package dev.warder.http;

import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The two ways in which an API tells an error. */
public enum Dialect {
    /** {@code {"type":"error","error":{"type","message"},"request_id"}}. */
    ANTHROPIC {
        @Override
        JsonObject document(ErrorReply reply, String requestId) {
            var error = JSON.createObjectBuilder().add("type", reply.type()).add("message", reply.message());
            return JSON.createObjectBuilder()
                    .add("type", "error")
                    .add("error", error)
                    .add("request_id", requestId)
                    .build();
        }
    },
    /**
     * {@code {"error":{"message","type","param","code"}}}, all four members present. The words are OpenAI's where it has
     * one for such an error, else the type of the API (rulings, 16).
     */
    OPENAI {
        @Override
        JsonObject document(ErrorReply reply, String requestId) {
            var error = JSON.createObjectBuilder()
                    .add("message", reply.message())
                    .add("type", openAiType(reply))
                    .add("param", orNull(reply.param()))
                    .add("code", orNull(openAiCode(reply)));
            return JSON.createObjectBuilder().add("error", error).build();
        }
    };

    /** Held, because the specification's shortcut looks for its provider in the class path each time. */
    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private static final JsonBuilderFactory JSON = PROVIDER.createBuilderFactory(Map.of());
    private static final String INVALID = "invalid_request_error";

    abstract JsonObject document(ErrorReply reply, String requestId);

    /** The error as the body of an answer, or as the data of an {@code error} event: one line of UTF-8. */
    public byte[] body(ErrorReply reply, String requestId) {
        return document(reply, requestId).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String openAiType(ErrorReply reply) {
        return switch (reply.type()) {
            case "permission_error" -> reply.type();
            case "rate_limit_error" -> "requests";
            default -> reply.status() < 500 ? INVALID : "server_error";
        };
    }

    private static Optional<String> openAiCode(ErrorReply reply) {
        return switch (reply.type()) {
            case INVALID -> Optional.empty();
            case "authentication_error" -> Optional.of("invalid_api_key");
            case "rate_limit_error" -> Optional.of("rate_limit_exceeded");
            case "overloaded_error" -> Optional.of("overloaded");
            case "not_found_error" -> Optional.of(reply.param().isPresent() ? "model_not_found" : reply.type());
            default -> Optional.of(reply.type());
        };
    }

    private static JsonValue orNull(Optional<String> text) {
        return text.<JsonValue>map(PROVIDER::createValue).orElse(JsonValue.NULL);
    }
}
