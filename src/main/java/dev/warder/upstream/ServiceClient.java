package dev.warder.upstream;

import dev.warder.container.Cancellation;
import dev.warder.http.RetryAfter;
import dev.warder.upstream.Outbound.ProxyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges with a service of the operator, such as a token endpoint or a collector, one at a time, over a client of its
 * own that is kept until {@link #release}. It speaks HTTP/1.1, follows no redirect, repeats nothing and keeps neither
 * cookies nor credentials. One thread at a time, which waits; {@link #close} from any thread.
 */
public final class ServiceClient implements AutoCloseable {
    /** Bytes of the content of a response that is of no use; a longer one is broken off. */
    public static final int SHORT = 64 << 10;

    /** The usual limit for a connection, and again for its TLS handshake. */
    public static final Duration CONNECT = Duration.ofSeconds(3);

    /**
     * HttpClient's own logs of fields and bytes, which would contain credentials and prompts. They stay off at any level of
     * their parents. They are held here because the logging framework itself keeps no logger.
     */
    private static final List<Logger> SILENT = Stream.of(
                    "org.apache.hc.client5.http.headers",
                    "org.apache.hc.client5.http.wire",
                    // Logs the beginning of a malformed response, which may be an echo of the request.
                    "org.apache.hc.client5.http.impl.async")
            .map(Logger::getLogger)
            .toList();

    private final Outbound outbound;
    private final ThreadFactory threads;
    private final Duration limit;
    private final Timeout connect;
    private final int most;
    private final Duration lastWords;
    private final Cancellation closing = new Cancellation();
    private @Nullable CloseableHttpAsyncClient kept;

    /**
     * A client without a connection.
     *
     * @param outbound the way to the service
     * @param threads makes the threads of the HTTP client
     * @param limit for one whole exchange
     * @param most the most bytes of a response's content
     */
    public ServiceClient(Outbound outbound, ThreadFactory threads, Duration limit, int most) {
        this(outbound, threads, limit, most, CONNECT, Duration.ZERO);
    }

    /**
     * A client without a connection.
     *
     * @param connect for a connection, and again for its TLS handshake
     * @param lastWords how long {@link #close} waits for the end of a running exchange before it aborts that
     */
    public ServiceClient(
            Outbound outbound, ThreadFactory threads, Duration limit, int most, Duration connect, Duration lastWords) {
        this.outbound = outbound;
        this.threads = threads;
        this.limit = limit;
        this.most = most;
        this.connect = Timeout.of(connect);
        this.lastWords = lastWords;
        silenceLoggers();
    }

    static void silenceLoggers() {
        SILENT.forEach(logger -> logger.setLevel(Level.OFF));
    }

    /**
     * The result of a request. No text form shows the body.
     *
     * @param status of the response; 0 if it did not come
     * @param type the field {@code Content-Type} of the response, in lower case; empty if there is none
     * @param retryAfter how long the response asks to wait
     * @param body in UTF-8
     * @param failure why no response came, for operators, without text of the service; empty if there is a status
     * @param cause why the exchange was lost; its message could contain text of the service
     */
    public record Outcome(
            int status, String type, RetryAfter retryAfter, String body, String failure, Optional<Exception> cause) {
        private static Outcome lost(String failure, Optional<Exception> cause) {
            return new Outcome(0, "", RetryAfter.NONE, "", failure, cause);
        }

        @Override
        public String toString() {
            return "Outcome[" + status + failure + "]";
        }
    }

    /** Receives the content of responses as it arrives, on the thread of the HTTP client. */
    public interface Receiver {
        /** @param type the field {@code Content-Type}, in lower case */
        boolean takes(int status, String type);

        void take(byte[] piece);
    }

    /** The content of a response is longer than the limit. */
    public static final class TooLongException extends IOException {}

    /**
     * Sends a GET and waits for the whole response. Throws nothing but errors.
     *
     * @param fields further header fields by their names
     */
    public Outcome get(URI url, Map<String, String> fields) {
        return exchange(SimpleRequestBuilder.get(url), fields, null, true, Optional.empty());
    }

    /**
     * Sends a POST and waits for the whole response. Throws nothing but errors.
     *
     * @param fields further header fields by their names
     * @param type the media type of the content
     */
    public Outcome post(URI url, Map<String, String> fields, String type, byte[] content) {
        return exchange(SimpleRequestBuilder.post(url), fields, producer(type, content), true, Optional.empty());
    }

    /**
     * Sends a POST as {@link #post} does, without a use for the response's content. The status decides, whatever becomes of
     * that content: a message that was accepted must not be sent again.
     */
    public Outcome send(URI url, Map<String, String> fields, String type, byte[] content) {
        return exchange(SimpleRequestBuilder.post(url), fields, producer(type, content), false, Optional.empty());
    }

    public void release() {
        var open = kept;
        if (open != null) {
            kept = null;
            open.close(CloseMode.IMMEDIATE);
        }
    }

    @Override
    public void close() {
        closing.cancel();
    }

    private static AsyncEntityProducer producer(String type, byte[] content) {
        return AsyncEntityProducers.create(content, ContentType.create(type));
    }

    /**
     * Sends a request and waits for the whole response. Throws nothing but errors.
     *
     * @param fields further header fields by their names
     * @param json the content, if there is one
     * @param receiver receives the content of some responses as it arrives, which is not in the outcome then
     */
    public Outcome request(
            String method, URI url, Map<String, String> fields, Optional<String> json, Receiver receiver) {
        var content = json.map(text -> producer("application/json", text.getBytes(StandardCharsets.UTF_8)));
        var request = SimpleRequestBuilder.create(method).setUri(url);
        return exchange(request, fields, content.orElse(null), true, Optional.of(receiver));
    }

    private Outcome exchange(
            SimpleRequestBuilder request,
            Map<String, String> fields,
            @Nullable AsyncEntityProducer content,
            boolean whole,
            Optional<Receiver> receiver) {
        fields.forEach(request::setHeader);
        var response = new ResponseCollector(most, Integer.MAX_VALUE, receiver);
        var lost = run(request.build(), content, response, whole);
        var head = response.head();
        if (head.isEmpty() || whole && lost.isPresent()) {
            return lost.orElseGet(() -> Outcome.lost("sent no status", Optional.empty()));
        }
        var retryAfter = RetryAfter.of(
                name -> Optional.ofNullable(head.get().getFirstHeader(name)).map(Header::getValue));
        return new Outcome(
                head.get().getCode(),
                ResponseCollector.type(head.get()),
                retryAfter,
                whole ? response.text() : "",
                "",
                Optional.empty());
    }

    /** Empty if the response came to its end. */
    private Optional<Outcome> run(
            SimpleHttpRequest request,
            @Nullable AsyncEntityProducer content,
            ResponseCollector response,
            boolean whole) {
        if (closing.isCancelled()) {
            return lost("is no longer used");
        }
        try {
            await(client().execute(new BasicRequestProducer(request, content), response, null));
            return Optional.empty();
        } catch (TimeoutException late) {
            if (whole) {
                release();
            }
            return lost("did not respond in " + limit.toSeconds() + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return lost("was not waited for");
        } catch (CancellationException stop) {
            return lost("was not waited for");
        } catch (ExecutionException | RuntimeException lost) {
            // A reactor that has failed serves no further exchange.
            release();
            return Optional.of(lost(request.getAuthority().getHostName(), lost));
        }
    }

    private Outcome lost(String host, Exception lost) {
        var cause = lost.getCause() instanceof Exception inner ? outbound.named(host, inner) : lost;
        String why = cause instanceof ProxyException proxy ? ": " + proxy.words() : "";
        return Outcome.lost("could not be reached" + why, Optional.of(cause));
    }

    private static Optional<Outcome> lost(String failure) {
        return Optional.of(Outcome.lost(failure, Optional.empty()));
    }

    private void await(Future<Void> exchange) throws ExecutionException, InterruptedException, TimeoutException {
        Runnable end = () -> endSoon(exchange);
        if (!closing.offer(end)) {
            exchange.cancel(true);
        }
        try {
            exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            closing.remove(end);
            // Without effect on an exchange that has ended.
            exchange.cancel(true);
        }
    }

    private void endSoon(Future<Void> exchange) {
        try {
            exchange.get(lastWords.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | CancellationException unanswered) {
            // There is nothing to wait for, or no time left.
        }
        exchange.cancel(true);
    }

    private CloseableHttpAsyncClient client() {
        var open = kept;
        if (open == null) {
            open = create();
            kept = open;
            open.start();
        }
        return open;
    }

    /** A reactor reports its own closing as a fault; faults that matter reach the exchange. */
    private CloseableHttpAsyncClient create() {
        var tls = new UpstreamTls(outbound);
        tls.load();
        var connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(tls)
                .setDnsResolver(new FirstHops())
                .setDefaultTlsConfig(UpstreamTls.config(connect))
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom().setConnectTimeout(connect).build())
                .build();
        return HttpAsyncClientBuilder.create()
                .setConnectionManager(connections)
                .setThreadFactory(threads)
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setIoReactorExceptionCallback(ended -> {})
                .setUserAgent("warder")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /** Looks up only names to which a connection is made. */
    private final class FirstHops extends SystemDefaultDnsResolver {
        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            var hop = outbound.firstHop(new HttpHost(host, port));
            return super.resolve(hop.getHostName(), hop.getPort());
        }
    }
}
