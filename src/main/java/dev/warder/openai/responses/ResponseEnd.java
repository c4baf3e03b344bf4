package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Ending;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.openai.shared.TokenUsage;
import dev.warder.stream.Usage;
import jakarta.json.JsonValue;
import java.util.Set;

/**
 * How a response ends: the event that ends it, and the members of the response object that depend on it. Immutable.
 *
 * @param status the value of {@code status}
 * @param error an object, or null
 * @param details {@code incomplete_details}, an object or null
 * @param usage an object, or null
 */
record ResponseEnd(EventName event, String status, JsonValue error, JsonValue details, JsonValue usage) {
    private static final String SERVER_ERROR = "server_error";

    /** Clients wait before they try again. */
    private static final String RATE_LIMIT = "rate_limit_exceeded";

    private static final Set<String> KNOWN = Set.of("insufficient_quota", RATE_LIMIT, "context_length_exceeded");

    /** An error in the upstream's stream has no time. */
    private static final String DEFAULT_SECONDS = "10";

    static ResponseEnd begun(EventName event) {
        return new ResponseEnd(event, "in_progress", JsonValue.NULL, JsonValue.NULL, JsonValue.NULL);
    }

    static ResponseEnd of(Ending ending, Usage usage) {
        var tokens = TokenUsage.json(usage, "input", "output");
        var reason = ending.incomplete();
        if (reason.isPresent()) {
            var details = JsonTree.newObject();
            reason.filter(word -> !word.isEmpty()).ifPresent(word -> details.add("reason", word));
            return new ResponseEnd(EventName.INCOMPLETE, "incomplete", JsonValue.NULL, details.build(), tokens);
        }
        return new ResponseEnd(EventName.COMPLETED, "completed", JsonValue.NULL, JsonValue.NULL, tokens);
    }

    /**
     * The response failed.
     *
     * @param advice the words of {@link #tryAgain}; may be empty
     */
    static ResponseEnd failed(OpenAiError failure, String advice) {
        String code = code(failure);
        boolean needsTime = advice.isEmpty() && code.equals(RATE_LIMIT);
        var error = JsonTree.newObject()
                .add("code", code)
                .add("message", failure.message() + (needsTime ? tryAgain(DEFAULT_SECONDS) : advice))
                .build();
        return new ResponseEnd(EventName.FAILED, "failed", error, JsonValue.NULL, JsonValue.NULL);
    }

    /**
     * The words in which Codex reads the time of its next try; without them it ends at a rate limit.
     *
     * @param seconds a number
     */
    static String tryAgain(String seconds) {
        return " Please try again in " + seconds + "s.";
    }

    boolean isBegun() {
        return event == EventName.CREATED || event == EventName.IN_PROGRESS;
    }

    boolean isCompleted() {
        return event == EventName.COMPLETED;
    }

    /**
     * The {@code error.code}, by which clients decide whether they send the request again. The schema has few codes: other errors are those
     * of the server, except a request that fails each time.
     */
    private static String code(OpenAiError error) {
        if (error.code().isEmpty()) {
            return error.type().equals("invalid_request_error") ? "invalid_prompt" : SERVER_ERROR;
        }
        return KNOWN.contains(error.code().get()) ? error.code().get() : SERVER_ERROR;
    }
}
