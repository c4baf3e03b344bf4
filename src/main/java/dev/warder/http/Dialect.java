package dev.warder.http;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The two formats in which an API reports an error. */
public enum Dialect {
    /** {@code {"type":"error","error":{"type","message","details"},"request_id"}}; details are there if they have a code. */
    ANTHROPIC,
    /**
     * {@code {"error":{"message","type","param","code"}}}, always with all four members. The type and the code are OpenAI's if
     * OpenAI has them for the error, otherwise the API's type (rule "Errors of the upstream").
     */
    OPENAI;

    /** OpenAI's type and code of a budget that is spent; clients do not send the request again. */
    private static final String SPENT = "insufficient_quota";

    /** The error as a response body, or as the data of an {@code error} event: one line of UTF-8. */
    public byte[] body(ErrorReply reply, String requestId) {
        var document = this == OPENAI ? openAi(reply) : anthropic(reply, requestId);
        return JsonText.utf8(document.toString());
    }

    private static JsonObject anthropic(ErrorReply reply, String requestId) {
        var error = JsonTree.newObject().add("type", reply.type().word()).add("message", reply.message());
        reply.errorCode()
                .ifPresent(code -> error.add("details", JsonTree.newObject().add("error_code", code)));
        return JsonTree.newObject()
                .add("type", "error")
                .add("error", error)
                .add("request_id", requestId)
                .build();
    }

    private static JsonObject openAi(ErrorReply reply) {
        var error = JsonTree.newObject()
                .add("message", reply.message())
                .add("type", openAiType(reply))
                .add("param", JsonTree.orNull(reply.param()))
                .add("code", JsonTree.orNull(openAiCode(reply)));
        return JsonTree.newObject().add("error", error).build();
    }

    private static String openAiType(ErrorReply reply) {
        return switch (reply.type()) {
            case PERMISSION -> reply.type().word();
            case RATE_LIMIT -> "requests";
            case BILLING -> SPENT;
            default -> reply.status() < 500 ? ErrorType.INVALID_REQUEST.word() : "server_error";
        };
    }

    private static Optional<String> openAiCode(ErrorReply reply) {
        return switch (reply.type()) {
            case INVALID_REQUEST -> Optional.empty();
            case AUTHENTICATION -> Optional.of("invalid_api_key");
            case RATE_LIMIT -> Optional.of("rate_limit_exceeded");
            case BILLING -> Optional.of(SPENT);
            case OVERLOADED -> Optional.of("overloaded");
            case NOT_FOUND ->
                Optional.of(
                        reply.param().isPresent()
                                ? "model_not_found"
                                : reply.type().word());
            default -> Optional.of(reply.type().word());
        };
    }
}
