package dev.warder.oauth;

import dev.warder.state.Cancellation;
import dev.warder.upstream.ShortLivedClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
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
 * The HTTP side of a token endpoint: one POST at a time on a separate client, since hours lie between two and a kept
 * connection would be dead. Follows no redirect and repeats nothing, because a grant may be valid only once.
 * Thread-safe; the exchange waits.
 */
final class TokenExchange implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenExchange.class);

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
            return await(
                    client.execute(SimpleRequestProducer.create(message(request)), EndpointResponse.collector(), null));
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
