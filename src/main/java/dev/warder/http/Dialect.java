package dev.warder.http;

import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Map;

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
    /** {@code {"error":{"message","type","param","code"}}}, all four members present. */
    OPENAI {
        @Override
        JsonObject document(ErrorReply reply, String requestId) {
            var error = JSON.createObjectBuilder()
                    .add("message", reply.message())
                    .add("type", openAiType(reply))
                    .add("param", JsonValue.NULL)
                    .add("code", openAiCode(reply));
            return JSON.createObjectBuilder().add("error", error).build();
        }
    };

    /** Held, because the specification's shortcut looks for its provider in the class path each time. */
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    abstract JsonObject document(ErrorReply reply, String requestId);

    /** The error as the body of an answer, or as the data of an {@code error} event: one line of UTF-8. */
    public byte[] body(ErrorReply reply, String requestId) {
        return document(reply, requestId).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String openAiType(ErrorReply reply) {
        if (reply.status() == 403) {
            return "permission_error";
        }
        return reply.status() < 500 ? "invalid_request_error" : "server_error";
    }

    private static String openAiCode(ErrorReply reply) {
        return reply.status() == 401 ? "invalid_api_key" : reply.type();
    }
}
