package dev.warder.oauth;

import dev.warder.json.JsonTree;
import dev.warder.oauth.TokenEndpoint.EndpointException.Meaning;
import dev.warder.upstream.CompleteResponse.NoResponseException;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.ServiceClient;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A token endpoint (RFC 6749, section 3.2): sends one request, waits up to 30 s, and interprets the response. An error
 * code for a wrong client or request is {@link Meaning#REFUSED}. Other refusals are temporary, even a 4xx without such
 * a code, which a gateway on the way may have sent. Each request has a connection of its own, since hours lie between two. One
 * thread at a time, which waits; {@link #close} from any thread.
 */
public final class TokenEndpoint implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** The characters of the RFC's codes; the pattern cannot match a token. */
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

    /** RFC 6749, section 5.2, without {@code invalid_grant}. */
    private static final Set<String> LASTING = Set.of(
            "invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope");

    /** A grant that the endpoint has already accepted is lost unless its response is awaited. */
    private static final Duration LAST_WORDS = Duration.ofMillis(700);

    private static final int LARGEST = 64 * 1024;

    private final ServiceClient service;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /**
     * An endpoint.
     *
     * @param outbound the way to the endpoint
     * @param threads makes the threads of the HTTP client
     * @param clock the time by which tokens expire
     * @param nanoTime a clock that never goes back
     * @param limit for a whole exchange
     */
    public TokenEndpoint(
            Outbound outbound, ThreadFactory threads, InstantSource clock, LongSupplier nanoTime, Duration limit) {
        service = new ServiceClient(outbound, threads, limit, LARGEST, ServiceClient.CONNECT, LAST_WORDS);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    public OAuthToken post(TokenRequest request) throws EndpointException {
        long begin = nanoTime.getAsLong();
        var fields = new LinkedHashMap<>(Map.of("Accept", "application/json"));
        fields.putAll(request.fields());
        var content = request.body().getBytes(StandardCharsets.UTF_8);
        ServiceClient.Outcome response;
        try {
            response = service.post(request.url(), fields, request.contentType(), content);
        } finally {
            service.release();
        }
        if (response.cause().orElse(null) instanceof RuntimeException fault) {
            throw fault;
        }
        if (response.status() == 0) {
            throw EndpointException.passing("the token endpoint " + failure(response), Optional.empty());
        }
        // By the current clock, which may have been corrected meanwhile.
        var now = clock.instant();
        if (response.status() != 200) {
            throw refusal(response, now);
        }
        return TokenReply.parse(response.body(), now.minusNanos(nanoTime.getAsLong() - begin))
                .orElseThrow(() -> EndpointException.passing(
                        "the token endpoint's response is no token response of RFC 6749", Optional.empty()));
    }

    @Override
    public void close() {
        service.close();
    }

    private static String failure(ServiceClient.Outcome lost) {
        return lost.cause()
                .map(cause -> "could not be asked: "
                        + (cause instanceof ServiceClient.TooLongException
                                ? "its response is longer than 64 KiB"
                                : NoResponseException.words(cause)))
                .orElse(lost.failure());
    }

    private static EndpointException refusal(ServiceClient.Outcome response, Instant now) {
        int status = response.status();
        var code = JsonTree.parseLeadingObject(response.body())
                .flatMap(json -> JsonTree.findText(json, "error"))
                .filter(error -> CODE.matcher(error).matches());
        var message = "the token endpoint returned " + status
                + code.map(error -> " (" + error + ")").orElse("");
        if (status >= 400 && status < 500 && status != 429) {
            if (code.filter("invalid_grant"::equals).isPresent()) {
                return EndpointException.refused(Meaning.INVALID_GRANT, message);
            }
            if (code.filter(LASTING::contains).isPresent()) {
                return EndpointException.refused(Meaning.REFUSED, message);
            }
        }
        return EndpointException.passing(message, response.retryAfter().from(now));
    }

    /**
     * One POST to a token endpoint (RFC 6749, section 3.2). No text form shows its body or fields.
     *
     * @param fields the header fields in addition to {@code Content-Type} and {@code Accept}
     */
    public record TokenRequest(URI url, String contentType, String body, Map<String, String> fields) {
        public TokenRequest {
            fields = Map.copyOf(fields);
        }

        @Override
        public String toString() {
            return "TokenRequest[" + contentType + "]";
        }
    }

    /**
     * A token endpoint returned no token. The message contains nothing of its response but a plain error code (RFC 6749,
     * section 5.2).
     */
    public static final class EndpointException extends Exception {
        private final Meaning meaning;
        private final transient Optional<Duration> retryAfter;

        private EndpointException(Meaning meaning, String message, Optional<Duration> retryAfter) {
            super(message);
            this.meaning = meaning;
            this.retryAfter = retryAfter;
        }

        public static EndpointException refused(Meaning meaning, String message) {
            return new EndpointException(meaning, message, Optional.empty());
        }

        /**
         * A temporary failure.
         *
         * @param retryAfter how long the endpoint asks clients to wait
         */
        public static EndpointException passing(String message, Optional<Duration> retryAfter) {
            return new EndpointException(Meaning.PASSING, message, retryAfter);
        }

        public Meaning meaning() {
            return meaning;
        }

        public Optional<Duration> retryAfter() {
            return retryAfter;
        }

        /** The consequence of a refusal for the next attempt. */
        public enum Meaning {
            INVALID_GRANT,
            /** The client or the request is wrong: the same request gets the same response again. */
            REFUSED,
            PASSING
        }
    }

    /**
     * Reads a token endpoint's successful response (RFC 6749, section 5.1). The lifetime of a token counts from the sending of
     * the request, since the endpoint's clock began no earlier. It is an hour where the response has none, or none that makes
     * sense (less than 1 s): if a token expires sooner, the upstream's 401 reveals it.
     */
    static final class TokenReply {
        private static final Duration UNSAID = Duration.ofHours(1);
        private static final double LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();
        private static final int LONGEST_NAME = 200;

        /** The characters that can travel in a header field (RFC 6750, section 2.1, allows fewer). */
        private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,16384}");

        private TokenReply() {}

        /** Empty when the body is no token response. */
        static Optional<OAuthToken> parse(String body, Instant sentAt) {
            var object = JsonTree.parseLeadingObject(body);
            var access = object.flatMap(json -> token(json, "access_token"));
            if (access.isEmpty()
                    || object.flatMap(json -> JsonTree.findText(json, "token_type"))
                            .filter(type -> !type.equalsIgnoreCase("bearer"))
                            .isPresent()) {
                return Optional.empty();
            }
            var json = object.get();
            var lifetime = lifetime(json);
            return Optional.of(new OAuthToken(
                    access.get(),
                    token(json, "refresh_token"),
                    sentAt.plus(lifetime),
                    Optional.of(lifetime),
                    scopes(json),
                    account(json)));
        }

        private static Optional<String> token(JsonObject json, String name) {
            return JsonTree.findText(json, name)
                    .filter(value -> VISIBLE.matcher(value).matches());
        }

        private static Duration lifetime(JsonObject json) {
            var value = json.get("expires_in");
            Optional<String> seconds = value instanceof JsonNumber number
                    ? Optional.of(number.toString())
                    : JsonTree.findText(json, "expires_in").map(String::strip);
            return seconds.flatMap(TokenReply::duration).orElse(UNSAID);
        }

        private static Optional<Duration> duration(String seconds) {
            try {
                double number = Double.parseDouble(seconds);
                return number >= 1
                        ? Optional.of(Duration.ofMillis((long) (Math.min(number, LONGEST_SECONDS) * 1000)))
                        : Optional.empty();
            } catch (NumberFormatException unsaid) {
                return Optional.empty();
            }
        }

        private static List<String> scopes(JsonObject json) {
            return JsonTree.findText(json, "scope").stream()
                    .flatMap(scope -> Stream.of(scope.split("[ ,]+")))
                    .filter(scope -> VISIBLE.matcher(scope).matches())
                    .toList();
        }

        private static Optional<String> account(JsonObject json) {
            var names = Stream.of("account", "organization")
                    .map(json::get)
                    .flatMap(value -> name(value).stream())
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? Optional.empty() : Optional.of(names);
        }

        private static Optional<String> name(JsonValue value) {
            if (value instanceof JsonObject object) {
                return Stream.of("email_address", "name", "uuid")
                        .flatMap(member -> JsonTree.findText(object, member).stream())
                        .findFirst()
                        .flatMap(TokenReply::shown);
            }
            return value instanceof JsonString string ? shown(string.getString()) : Optional.empty();
        }

        private static Optional<String> shown(String name) {
            var shown = name.replaceAll("\\p{C}", "").strip();
            shown = shown.length() > LONGEST_NAME ? shown.substring(0, LONGEST_NAME) : shown;
            return shown.isEmpty() ? Optional.empty() : Optional.of(shown);
        }
    }
}
