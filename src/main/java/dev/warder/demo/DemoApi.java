package dev.warder.demo;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Decides the response to each request, independent of connections. Thread-safe. */
final class DemoApi {
    private static final List<JsonObject> LISTED = List.of(
            model("claude-opus-5-5", "Claude Opus 5.5"),
            model("claude-sonnet-5-5", "Claude Sonnet 5.5"),
            model("claude-haiku-5-5", "Claude Haiku 5.5"));

    private static final String MODELS = "/v1/models";

    private final byte[] key;
    private final RandomGenerator random;

    /**
     * Creates an API that accepts only this key.
     *
     * @param random for ids; thread-safe
     */
    DemoApi(String key, RandomGenerator random) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.random = random;
    }

    /**
     * A request.
     *
     * @param path without a query
     * @param apiKey the field {@code x-api-key}
     * @param version the field {@code anthropic-version}
     */
    record Asked(String method, String path, Optional<String> apiKey, Optional<String> version) {}

    DemoResponse respond(Asked asked, byte[] body) {
        if (asked.path().equals("/api/hello")) {
            return gets(asked)
                    .orElseGet(() -> new DemoResponse.Whole(
                            JsonTree.newObject().add("message", "hello").build()));
        }
        if (!asked.apiKey().map(this::isKey).orElse(false)) {
            return unauthenticated(asked.apiKey().isPresent());
        }
        if (asked.version().isEmpty()) {
            return invalid("anthropic-version: header is required");
        }
        if (asked.path().equals(MODELS)) {
            return gets(asked).orElseGet(DemoApi::list);
        }
        if (asked.path().startsWith(MODELS + "/")) {
            return gets(asked).orElseGet(() -> one(asked.path().substring(MODELS.length() + 1)));
        }
        return switch (asked.path()) {
            case "/v1/messages" -> messages(asked, body, false);
            case "/v1/messages/count_tokens" -> messages(asked, body, true);
            default -> new DemoResponse.Refused(ErrorReply.notFound());
        };
    }

    private boolean isKey(String presented) {
        return MessageDigest.isEqual(key, presented.getBytes(StandardCharsets.UTF_8));
    }

    private static DemoResponse unauthenticated(boolean presented) {
        String message = presented
                ? "invalid x-api-key: this demo takes only the key that Warder made for this run, so call without your own"
                : "x-api-key header is required";
        return new DemoResponse.Refused(new ErrorReply(401, ErrorType.AUTHENTICATION, message, List.of()));
    }

    private static Optional<DemoResponse> gets(Asked asked) {
        return asked.method().equals("GET") || asked.method().equals("HEAD")
                ? Optional.empty()
                : Optional.of(new DemoResponse.Refused(ErrorReply.methodNotAllowed(List.of("GET", "HEAD"))));
    }

    private DemoResponse messages(Asked asked, byte[] body, boolean countOnly) {
        if (!asked.method().equals("POST")) {
            return new DemoResponse.Refused(ErrorReply.methodNotAllowed(List.of("POST")));
        }
        var document = JsonTree.parse(new String(body, StandardCharsets.UTF_8));
        if (document.isEmpty()) {
            return invalid("The request body is not valid JSON.");
        }
        if (!(document.get() instanceof JsonObject request)) {
            return invalid("The request body is not a JSON object.");
        }
        return missing(request, countOnly)
                .map(name -> invalid(name + ": Field required"))
                .orElseGet(() -> countOnly ? count(request) : message(DemoPrompt.of(request)));
    }

    private static Optional<String> missing(JsonObject request, boolean countOnly) {
        if (!(request.get("model") instanceof JsonString)) {
            return Optional.of("model");
        }
        if (!(request.get("messages") instanceof JsonArray messages) || messages.isEmpty()) {
            return Optional.of("messages");
        }
        return countOnly || request.get("max_tokens") instanceof JsonNumber
                ? Optional.empty()
                : Optional.of("max_tokens");
    }

    private static DemoResponse count(JsonObject request) {
        int tokens = DemoPrompt.of(request).inputTokens();
        return new DemoResponse.Whole(
                JsonTree.newObject().add("input_tokens", tokens).build());
    }

    private DemoResponse message(DemoPrompt prompt) {
        if (prompt.asksFor("error 429")) {
            var wait = List.of(new Field("retry-after", "1"));
            return new DemoResponse.Refused(
                    new ErrorReply(429, ErrorType.RATE_LIMIT, "The demo was asked for a 429.", wait));
        }
        if (prompt.asksFor("error 500")) {
            return new DemoResponse.Refused(
                    new ErrorReply(500, ErrorType.API, "The demo was asked for a 500.", List.of()));
        }
        if (prompt.asksFor("error 529") || (prompt.asksFor("error mid") && !prompt.stream())) {
            return new DemoResponse.Refused(new ErrorReply(529, ErrorType.OVERLOADED, "Overloaded", List.of()));
        }
        var message = new DemoMessage(prompt, HexFormat.of().toHexDigits(random.nextLong()));
        return prompt.stream() ? new DemoResponse.Events(message.events()) : new DemoResponse.Whole(message.document());
    }

    private static DemoResponse invalid(String message) {
        return new DemoResponse.Refused(ErrorReply.invalidRequest(message));
    }

    private static DemoResponse list() {
        return new DemoResponse.Whole(JsonTree.newObject()
                .add("data", JsonTree.newArray(LISTED))
                .add("has_more", false)
                .add("first_id", LISTED.get(0).get("id"))
                .add("last_id", LISTED.get(LISTED.size() - 1).get("id"))
                .build());
    }

    private static JsonObject model(String id, String displayName) {
        return JsonTree.typed("model")
                .add("id", id)
                .add("display_name", displayName)
                .add("created_at", "2026-10-21T00:00:00Z")
                .add("max_input_tokens", 200_000)
                .add("max_tokens", 128_000)
                .build();
    }

    private static DemoResponse one(String id) {
        return LISTED.stream()
                .filter(model -> model.getString("id").equals(id))
                .<DemoResponse>map(DemoResponse.Whole::new)
                .findFirst()
                .orElseGet(() ->
                        new DemoResponse.Refused(new ErrorReply(404, ErrorType.NOT_FOUND, "model: " + id, List.of())));
    }

    /** A response of the demonstration upstream. */
    sealed interface DemoResponse {
        /** An error, in the API's format. */
        record Refused(ErrorReply reply) implements DemoResponse {}

        /** One JSON document with status 200. */
        record Whole(JsonObject document) implements DemoResponse {}

        /** An event stream with status 200: the data of each event, whose member {@code type} is also the event's name. */
        record Events(List<JsonObject> events) implements DemoResponse {}
    }
}
