package dev.warder.openai.shared;

import dev.warder.http.ErrorCode;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * An error of the upstream, or in its response, in OpenAI's form (rule "Errors of the upstream"). Immutable.
 *
 * @param status the HTTP status
 * @param type OpenAI's word for the kind of error
 * @param code OpenAI's word for the error where it has one, else the upstream's; empty where OpenAI sends none
 * @param param the member of the request that is at fault, if that is known
 * @param message the upstream's own words, where it had any
 */
public record OpenAiError(int status, String type, Optional<String> code, Optional<String> param, String message) {
    private static final String INVALID = ErrorType.INVALID_REQUEST.word();
    private static final String SERVER = "server_error";
    private static final String SPENT = "insufficient_quota";

    /**
     * Makes the error of a response.
     *
     * @param status the status of the response
     * @param body the body of the response; it may hold anything
     */
    public static OpenAiError of(int status, byte[] body) {
        return read(body).map(error -> of(status, error)).orElseGet(() -> unreadable(status));
    }

    /** 502: the upstream's response cannot be used. */
    public static OpenAiError badGateway(String message) {
        return new OpenAiError(502, SERVER, ErrorType.API.word(), message);
    }

    public static boolean isOne(byte[] body) {
        return read(body).isPresent();
    }

    private static Optional<JsonObject> read(byte[] body) {
        return JsonTree.parseObject(body, 0, body.length)
                .map(document -> JsonTree.object(document, "error"))
                .filter(error -> !JsonTree.text(error, "type").isEmpty());
    }

    /** Makes the error of an {@code error} event, which has no status of its own. */
    public static OpenAiError of(JsonObject event) {
        return of(0, JsonTree.object(event, "error"));
    }

    public static OpenAiError of(ErrorReply reply) {
        var error = JsonTree.typed(reply.type().word()).add("message", reply.message());
        return of(reply.status(), error.build());
    }

    private static OpenAiError of(int status, JsonObject error) {
        String type = JsonTree.text(error, "type");
        String text = JsonTree.text(error, "message");
        String message = text.isEmpty() ? "The upstream reported an error without a message." : text;
        if (ErrorCode.of(error).isSpent()) {
            return quota(message);
        }
        var known = ErrorType.of(type);
        if (known.isEmpty()) {
            return !type.isEmpty() && isClients(status)
                    ? new OpenAiError(status, INVALID, type, message)
                    : server(status, type.isEmpty() ? ErrorType.API.word() : type, message);
        }
        return switch (known.get()) {
            case INVALID_REQUEST -> invalid(status, message);
            case AUTHENTICATION -> new OpenAiError(401, INVALID, "invalid_api_key", message);
            case BILLING -> quota(message);
            case PERMISSION -> new OpenAiError(403, type, type, message);
            case NOT_FOUND ->
                message.startsWith("model:")
                        ? new OpenAiError(404, INVALID, Optional.of("model_not_found"), Optional.of("model"), message)
                        : new OpenAiError(404, INVALID, type, message);
            case REQUEST_TOO_LARGE -> new OpenAiError(413, INVALID, type, message);
            case RATE_LIMIT -> rateLimit(message);
            case API -> server(status, type, message);
            case TIMEOUT -> new OpenAiError(504, SERVER, type, message);
            case OVERLOADED -> overloaded(message);
        };
    }

    private OpenAiError(int status, String type, String code, String message) {
        this(status, type, Optional.of(code), Optional.empty(), message);
    }

    private static OpenAiError invalid(int status, String message) {
        boolean overflow = message.contains("prompt is too long") || message.contains("exceed context limit");
        Optional<String> code = overflow ? Optional.of("context_length_exceeded") : Optional.empty();
        return new OpenAiError(isClients(status) ? status : 400, INVALID, code, Optional.empty(), message);
    }

    private static OpenAiError rateLimit(String message) {
        String counted = message.contains("token") ? "tokens" : "requests";
        return new OpenAiError(429, counted, "rate_limit_exceeded", message);
    }

    private static OpenAiError quota(String message) {
        return new OpenAiError(429, SPENT, SPENT, message);
    }

    private static OpenAiError server(int status, String type, String message) {
        if (status == 529) {
            return overloaded(message);
        }
        return new OpenAiError(status >= 500 && status < 600 ? status : 500, SERVER, type, message);
    }

    private static OpenAiError overloaded(String message) {
        return new OpenAiError(503, SERVER, "overloaded", message);
    }

    private static boolean isClients(int status) {
        return status >= 400 && status < 500;
    }

    private static OpenAiError unreadable(int status) {
        return switch (status) {
            case 413 -> new OpenAiError(413, INVALID, "request_too_large", "The request is too large.");
            case 429 -> rateLimit("The upstream's rate limit is reached.");
            case 529 -> overloaded("The upstream is overloaded.");
            default -> badGateway("The upstream responded with status " + status + " and no readable error.");
        };
    }

    /** Whether a budget is spent, so that the retry that clients send after this status would fail too. */
    public boolean isSpent() {
        return type.equals(SPENT);
    }

    /** The document, one line of UTF-8 with all four members. */
    public byte[] body() {
        var error = JsonTree.newObject()
                .add("message", message)
                .add("type", type)
                .add("param", JsonTree.orNull(param))
                .add("code", JsonTree.orNull(code));
        return JsonText.utf8(JsonTree.newObject().add("error", error).build().toString());
    }
}
