package dev.warder.oauth;

import dev.warder.credential.RetryAfter;
import dev.warder.json.JsonTree;
import dev.warder.oauth.TokenEndpoint.EndpointException.Meaning;
import dev.warder.upstream.CompleteResponse.NoResponseException;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.ServiceClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

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
        return EndpointException.passing(message, response.retryAfter().flatMap(field -> RetryAfter.parse(field, now)));
    }
}
