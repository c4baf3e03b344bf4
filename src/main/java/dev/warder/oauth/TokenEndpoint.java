package dev.warder.oauth;

import dev.warder.credential.RetryAfter;
import dev.warder.json.JsonTree;
import dev.warder.oauth.EndpointException.Meaning;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * A token endpoint (RFC 6749, section 3.2): sends one request, waits up to 30 s, and interprets the response. An error
 * code for a wrong client or request is {@link Meaning#REFUSED}. Other refusals are temporary, even a 4xx without such
 * a code, which a gateway on the way may have sent. Thread-safe.
 */
public final class TokenEndpoint implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** The characters of the RFC's codes; the pattern cannot match a token. */
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

    /** RFC 6749, section 5.2, without {@code invalid_grant}. */
    private static final Set<String> LASTING = Set.of(
            "invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope");

    private final TokenExchange exchange;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /**
     * An endpoint with a limit of 30 s for a whole exchange.
     *
     * @param threads makes the threads of the HTTP client
     * @param clock the time by which tokens expire
     * @param nanoTime a clock that never goes back
     */
    public TokenEndpoint(ThreadFactory threads, InstantSource clock, LongSupplier nanoTime) {
        this(threads, clock, nanoTime, LIMIT);
    }

    public TokenEndpoint(ThreadFactory threads, InstantSource clock, LongSupplier nanoTime, Duration limit) {
        exchange = new TokenExchange(threads, limit);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    public TokenReply post(TokenRequest request) throws EndpointException {
        long begin = nanoTime.getAsLong();
        EndpointResponse response;
        try {
            response = exchange.post(request);
        } catch (IOException lost) {
            throw EndpointException.passing("the token endpoint " + lost.getMessage(), Optional.empty());
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
        exchange.close();
    }

    private static EndpointException refusal(EndpointResponse response, Instant now) {
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
