package dev.warder.openai.output;

import dev.warder.openai.response.OpenAiError;
import java.util.Set;

/** The {@code error.code} of a failed response. Clients decide by it whether they send the request again. */
final class FailureCode {
    private static final String SERVER_ERROR = "server_error";

    /** Clients wait before they try again. */
    static final String RATE_LIMIT = "rate_limit_exceeded";

    /** Clients act upon these. */
    private static final Set<String> KNOWN = Set.of("insufficient_quota", RATE_LIMIT, "context_length_exceeded");

    private FailureCode() {}

    /** The schema has few codes: other errors are those of the server, except a request that fails each time. */
    static String of(OpenAiError error) {
        if (error.code().isEmpty()) {
            return error.type().equals("invalid_request_error") ? "invalid_prompt" : SERVER_ERROR;
        }
        return KNOWN.contains(error.code().get()) ? error.code().get() : SERVER_ERROR;
    }
}
