package dev.warder.http;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The error types of the Messages API, each with its HTTP status (the API's page on errors). Warder's own errors use the same
 * types, some of them with a related status.
 */
public enum ErrorType {
    INVALID_REQUEST("invalid_request_error", 400),
    AUTHENTICATION("authentication_error", 401),
    BILLING("billing_error", 402),
    PERMISSION("permission_error", 403),
    NOT_FOUND("not_found_error", 404),
    REQUEST_TOO_LARGE("request_too_large", 413),
    RATE_LIMIT("rate_limit_error", 429),
    API("api_error", 500),
    TIMEOUT("timeout_error", 504),
    OVERLOADED("overloaded_error", 529);

    private static final Map<String, ErrorType> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorType::word, Function.identity()));

    private final String word;
    private final int status;

    ErrorType(String word, int status) {
        this.word = word;
        this.status = status;
    }

    /** The type with this {@code error.type}; empty for one that the API does not have today. */
    public static Optional<ErrorType> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    public String word() {
        return word;
    }

    public int status() {
        return status;
    }
}
