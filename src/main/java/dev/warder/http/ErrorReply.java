package dev.warder.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A response with which Warder itself refuses or fails a request. Status and type follow the API's own table, so that the SDKs
 * raise the exceptions that their users know.
 *
 * @param status the HTTP status
 * @param type the kind of error
 * @param message one sentence for a person; never a token, a configuration value, a class name or a stack trace
 * @param param the member of the request that is wrong, for dialects that report it
 * @param errorCode the API's word for the very case, in {@code error.details.error_code}, where it has one
 * @param fields fields in addition to the usual ones
 */
public record ErrorReply(
        int status,
        ErrorType type,
        String message,
        Optional<String> param,
        Optional<String> errorCode,
        List<Field> fields) {
    private static final Field NO_RETRY = new Field("x-should-retry", "false");

    public ErrorReply {
        fields = List.copyOf(fields);
    }

    public ErrorReply(int status, ErrorType type, String message, List<Field> fields) {
        this(status, type, message, Optional.empty(), Optional.empty(), fields);
    }

    /** 400: the request itself is wrong. */
    public static ErrorReply invalidRequest(String message) {
        return new ErrorReply(400, ErrorType.INVALID_REQUEST, message, List.of());
    }

    /** 400: the member {@code param} of the request is wrong. */
    public static ErrorReply invalidRequest(String message, Optional<String> param) {
        return new ErrorReply(400, ErrorType.INVALID_REQUEST, message, param, Optional.empty(), List.of());
    }

    /** 401 for a missing or invalid access token, with the challenge of RFC 6750, section 3. */
    public static ErrorReply challenge(String message) {
        return unauthenticated(message).with("WWW-Authenticate", "Bearer realm=\"warder\"");
    }

    /** 401 for a missing upstream credential. No challenge, because an access token would not help. */
    public static ErrorReply unauthenticated(String message) {
        return new ErrorReply(401, ErrorType.AUTHENTICATION, message, List.of(NO_RETRY));
    }

    /** 403: the caller is known and lacks permission. */
    public static ErrorReply forbidden(String message) {
        return new ErrorReply(403, ErrorType.PERMISSION, message, List.of(NO_RETRY));
    }

    /** 404: nothing is served here. */
    public static ErrorReply notFound() {
        return notFound("Nothing is served under this path.");
    }

    /** 404, with a message that names what is served instead. */
    public static ErrorReply notFound(String message) {
        return new ErrorReply(404, ErrorType.NOT_FOUND, message, List.of());
    }

    /** 404: no such model is served. */
    public static ErrorReply modelNotFound(String message) {
        return new ErrorReply(404, ErrorType.NOT_FOUND, message, Optional.of("model"), Optional.empty(), List.of());
    }

    /** 405, with the permitted methods (RFC 9110, section 15.5.6). */
    public static ErrorReply methodNotAllowed(List<String> allowed) {
        String list = String.join(", ", allowed);
        return new ErrorReply(405, ErrorType.INVALID_REQUEST, "This path supports only " + list + ".", List.of())
                .with("Allow", list);
    }

    /** 408: the client sends its request too slowly, and the rest is not awaited (RFC 9110, section 15.5.9). */
    public static ErrorReply tooSlow() {
        return new ErrorReply(408, ErrorType.TIMEOUT, "The request body was sent too slowly.", List.of())
                .withErrorCode("request_body_timeout")
                .closing();
    }

    /** 413: the body is larger than {@code limits.body} allows. */
    public static ErrorReply tooLarge(String message) {
        return new ErrorReply(413, ErrorType.REQUEST_TOO_LARGE, message, List.of());
    }

    /** 415: the body has a content coding that Warder cannot read. */
    public static ErrorReply unsupportedCoding() {
        String message = "A request body must have no content coding, or Content-Encoding: gzip.";
        return new ErrorReply(415, ErrorType.INVALID_REQUEST, message, List.of())
                .withErrorCode("request_body_encoding_unsupported")
                .with("Accept-Encoding", "gzip");
    }

    /** 426 for a client that asks for a WebSocket (RFC 9110, section 15.5.22). */
    public static ErrorReply upgradeRequired() {
        String message = "This gateway has no WebSockets. Send a POST request; its response can be an event stream.";
        return new ErrorReply(426, ErrorType.INVALID_REQUEST, message, List.of(NO_RETRY));
    }

    /** 429: the limit is exceeded; a retry after this time may succeed. */
    public static ErrorReply rateLimited(String message, int retryAfterSeconds) {
        return new ErrorReply(429, ErrorType.RATE_LIMIT, message, List.of())
                .with("retry-after", Integer.toString(retryAfterSeconds));
    }

    /** 500: a fault of Warder itself. The log has the cause, under the request's id. */
    public static ErrorReply internal() {
        return new ErrorReply(500, ErrorType.API, "The gateway failed to handle this request.", List.of());
    }

    /** 502: the upstream could not be reached, or its response could not be used. */
    public static ErrorReply badGateway(String message) {
        return new ErrorReply(502, ErrorType.API, message, List.of());
    }

    /** 503 because of a missing setting. A retry does not help. */
    public static ErrorReply notConfigured(String message) {
        return new ErrorReply(503, ErrorType.API, message, List.of(NO_RETRY));
    }

    /** For a request that arrives while the container stops the application: 503 {@code overloaded_error}. */
    public static ErrorReply stopping() {
        return overloaded("The gateway is stopping.", 5);
    }

    /** 503: overloaded or about to stop; a retry after this time may succeed. */
    public static ErrorReply overloaded(String message, int retryAfterSeconds) {
        return new ErrorReply(503, ErrorType.OVERLOADED, message, List.of())
                .with("retry-after", Integer.toString(retryAfterSeconds));
    }

    /** 504: the upstream exceeded a configured time. */
    public static ErrorReply timeout(String message) {
        return new ErrorReply(504, ErrorType.TIMEOUT, message, List.of());
    }

    public ErrorReply withoutRetry() {
        return with(NO_RETRY.name(), NO_RETRY.value());
    }

    public ErrorReply withErrorCode(String code) {
        return new ErrorReply(status, type, message, param, Optional.of(code), fields);
    }

    public ErrorReply with(List<Field> added) {
        var more = new ArrayList<>(fields);
        more.addAll(added);
        return new ErrorReply(status, type, message, param, errorCode, more);
    }

    /** The same, as the last response on its connection. */
    public ErrorReply closing() {
        return with("Connection", "close");
    }

    private ErrorReply with(String name, String value) {
        return with(List.of(new Field(name, value)));
    }
}
