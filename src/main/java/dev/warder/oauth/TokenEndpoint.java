package dev.warder.oauth;

import dev.warder.credential.RetryAfter;
import dev.warder.json.JsonTree;
import dev.warder.oauth.EndpointException.Meaning;
import dev.warder.state.Cancellation;
import dev.warder.upstream.ShortLivedClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /**
     * The HTTP side of a token endpoint: one POST at a time on a separate client, since hours lie between two and a kept
     * connection would be dead. Follows no redirect and repeats nothing, because a grant may be valid only once.
     * Thread-safe; the exchange waits.
     */
    static final class TokenExchange implements AutoCloseable {
        private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);

        /** A grant that the endpoint has already accepted is lost unless its response is awaited. */
        private static final Duration LAST_WORDS = Duration.ofMillis(700);

        /**
         * HttpClient's own logs of fields and bytes, which would contain tokens; held because the logging framework keeps
         * none.
         */
        private static final List<java.util.logging.Logger> SILENT = Stream.of(
                        "org.apache.hc.client5.http.headers",
                        "org.apache.hc.client5.http.wire",
                        // Logs the beginning of a malformed response, which may be an echo of the request.
                        "org.apache.hc.client5.http.impl.async")
                .map(java.util.logging.Logger::getLogger)
                .toList();

        private final ThreadFactory threads;
        private final Duration limit;
        private final Cancellation closing = new Cancellation();

        TokenExchange(ThreadFactory threads, Duration limit) {
            this.threads = threads;
            this.limit = limit;
            SILENT.forEach(logger -> logger.setLevel(Level.OFF));
        }

        EndpointResponse post(TokenRequest request) throws IOException {
            if (closing.isCancelled()) {
                throw new IOException("is no longer used");
            }
            var client = client();
            try {
                client.start();
                return await(client.execute(
                        SimpleRequestProducer.create(message(request)), EndpointResponse.collector(), null));
            } catch (TimeoutException late) {
                throw new IOException("did not respond in " + limit.toSeconds() + " s", late);
            } catch (ExecutionException lost) {
                throw new IOException("could not be asked: " + cause(lost), lost);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("was not waited for", stop);
            } catch (CancellationException stop) {
                throw new IOException("was not waited for", stop);
            } finally {
                client.close(CloseMode.IMMEDIATE);
            }
        }

        @Override
        public void close() {
            closing.cancel();
        }

        private EndpointResponse await(Future<EndpointResponse> exchange)
                throws ExecutionException, InterruptedException, TimeoutException {
            Runnable end = () -> endSoon(exchange);
            if (!closing.offer(end)) {
                exchange.cancel(true);
            }
            try {
                return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                closing.remove(end);
            }
        }

        private static void endSoon(Future<EndpointResponse> exchange) {
            try {
                exchange.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | CancellationException unanswered) {
                // There is nothing to wait for, or no time left.
            }
            exchange.cancel(true);
        }

        private CloseableHttpAsyncClient client() {
            // Faults that matter reach the exchange; at its end a reactor reports its own closing as a fault.
            return ShortLivedClient.create(threads, closing -> LOG.trace("The reactor of a token exchange", closing));
        }

        private static SimpleHttpRequest message(TokenRequest request) {
            var message = SimpleRequestBuilder.post(request.url())
                    .setBody(request.body().getBytes(StandardCharsets.UTF_8), ContentType.parse(request.contentType()))
                    .setHeader("Accept", "application/json");
            request.fields().forEach(message::setHeader);
            return message.build();
        }

        private static String cause(ExecutionException lost) {
            var cause = lost.getCause();
            if (cause instanceof EndpointResponse.TooLongException) {
                return "its response is longer than 64 KiB";
            }
            if (cause instanceof UnknownHostException) {
                return "its host is not known";
            }
            if (cause instanceof SSLException) {
                return "the TLS handshake failed";
            }
            if (cause instanceof ConnectException || cause instanceof ConnectTimeoutException) {
                return "no connection";
            }
            return "the connection was lost or the response is no HTTP";
        }
    }
}
