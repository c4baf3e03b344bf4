package dev.warder.standalone;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Request;

/** Decides the response to each request. Thread-safe. */
final class DemoApi {
    private static final List<JsonObject> LISTED = List.of(
            model("claude-opus-5-5", "Claude Opus 5.5"),
            model("claude-sonnet-5-5", "Claude Sonnet 5.5"),
            model("claude-haiku-5-5", "Claude Haiku 5.5"));

    private static final String HELLO = "/api/hello";
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

    DemoResponse respond(Request request, byte[] body) {
        String path = Request.getPathInContext(request);
        if (!path.equals(HELLO)) {
            String apiKey = request.getHeaders().get("x-api-key");
            if (apiKey == null) {
                return refused(401, ErrorType.AUTHENTICATION, "x-api-key header is required");
            }
            if (!MessageDigest.isEqual(key, apiKey.getBytes(StandardCharsets.UTF_8))) {
                String message =
                        "invalid x-api-key: this demo takes only the key that Warder made for this run, so call without your own";
                return refused(401, ErrorType.AUTHENTICATION, message);
            }
            if (!request.getHeaders().contains("anthropic-version")) {
                return invalid("anthropic-version: header is required");
            }
        }
        boolean reads = path.equals(HELLO) || path.equals(MODELS) || path.startsWith(MODELS + "/");
        boolean counts = path.equals("/v1/messages/count_tokens");
        if (!reads && !counts && !path.equals("/v1/messages")) {
            return new DemoResponse.Refused(ErrorReply.notFound());
        }
        var methods = reads ? List.of("GET", "HEAD") : List.of("POST");
        if (!methods.contains(request.getMethod())) {
            return new DemoResponse.Refused(ErrorReply.methodNotAllowed(methods));
        }
        return switch (path) {
            case HELLO -> whole(JsonTree.newObject().add("message", "hello"));
            case MODELS -> list();
            default -> reads ? one(path.substring(MODELS.length() + 1)) : messages(body, counts);
        };
    }

    private DemoResponse messages(byte[] body, boolean countOnly) {
        var document = JsonTree.parse(new String(body, StandardCharsets.UTF_8));
        if (document.isEmpty()) {
            return invalid("The request body is not valid JSON.");
        }
        if (!(document.get() instanceof JsonObject request)) {
            return invalid("The request body is not a JSON object.");
        }
        if (!(request.get("model") instanceof JsonString)) {
            return invalid("model: Field required");
        }
        if (!(request.get("messages") instanceof JsonArray messages) || messages.isEmpty()) {
            return invalid("messages: Field required");
        }
        if (!countOnly && !(request.get("max_tokens") instanceof JsonNumber)) {
            return invalid("max_tokens: Field required");
        }
        var prompt = DemoPrompt.of(request);
        return countOnly ? whole(JsonTree.newObject().add("input_tokens", prompt.inputTokens())) : message(prompt);
    }

    private DemoResponse message(DemoPrompt prompt) {
        if (prompt.asksFor("error 429")) {
            return new DemoResponse.Refused(ErrorReply.rateLimited("The demo was asked for a 429.", 1));
        }
        if (prompt.asksFor("error 500")) {
            return refused(500, ErrorType.API, "The demo was asked for a 500.");
        }
        if (prompt.asksFor("error 529") || (prompt.asksFor("error mid") && !prompt.stream())) {
            return refused(529, ErrorType.OVERLOADED, "Overloaded");
        }
        var message = new DemoMessage(prompt, HexFormat.of().toHexDigits(random.nextLong()));
        return prompt.stream() ? new DemoResponse.Events(message.events()) : new DemoResponse.Whole(message.document());
    }

    private static DemoResponse invalid(String message) {
        return new DemoResponse.Refused(ErrorReply.invalidRequest(message));
    }

    private static DemoResponse refused(int status, ErrorType type, String message) {
        return new DemoResponse.Refused(new ErrorReply(status, type, message, List.of()));
    }

    private static DemoResponse whole(JsonObjectBuilder document) {
        return new DemoResponse.Whole(document.build());
    }

    private static DemoResponse list() {
        return whole(JsonTree.newObject()
                .add("data", JsonTree.newArray(LISTED))
                .add("has_more", false)
                .add("first_id", LISTED.get(0).get("id"))
                .add("last_id", LISTED.get(LISTED.size() - 1).get("id")));
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
                .findFirst()
                .<DemoResponse>map(DemoResponse.Whole::new)
                .orElseGet(() -> new DemoResponse.Refused(ErrorReply.notFound("model: " + id)));
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
