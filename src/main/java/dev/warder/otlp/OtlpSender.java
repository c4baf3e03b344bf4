package dev.warder.otlp;

import dev.warder.http.Field;
import dev.warder.state.Cancellation;
import dev.warder.upstream.ShortLivedClient;
import dev.warder.upstream.SilentLoggers;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.io.CloseMode;

/**
 * Sends one message at a time to the collector, over a client of its own that lives as long as the message, since a minute
 * lies between two. Follows no redirect and repeats nothing: cumulative numbers are complete in the next message. The response's
 * content is discarded. Thread-safe; the caller waits up to 10 s.
 */
final class OtlpSender implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ContentType PROTOBUF = ContentType.create("application/x-protobuf");

    private final ThreadFactory threads;
    private final Cancellation closing = new Cancellation();

    /** @param threads makes the threads of the HTTP client */
    OtlpSender(ThreadFactory threads) {
        this.threads = threads;
        SilentLoggers.silence();
    }

    /** The outcome of sending; a text for operators if it failed. */
    record Outcome(String failure) {
        boolean isSent() {
            return failure.isEmpty();
        }
    }

    /** Sends and waits for the response. Throws nothing but errors. */
    Outcome post(URI url, List<Field> fields, byte[] message) {
        if (closing.isCancelled()) {
            return new Outcome("is no longer used");
        }
        var client = client();
        try {
            client.start();
            int status = await(client.execute(
                    request(url, fields, message),
                    new BasicResponseConsumer<>(new DiscardingEntityConsumer<>()),
                    null));
            return new Outcome(status >= 200 && status < 300 ? "" : "returned " + status);
        } catch (TimeoutException late) {
            return new Outcome("did not respond in " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Outcome("was not waited for");
        } catch (CancellationException stop) {
            return new Outcome("was not waited for");
        } catch (ExecutionException | RuntimeException lost) {
            // The exception's own message could contain text from the endpoint.
            return new Outcome("could not be reached");
        } finally {
            client.close(CloseMode.IMMEDIATE);
        }
    }

    @Override
    public void close() {
        closing.cancel();
    }

    private int await(Future<Message<HttpResponse, Void>> exchange)
            throws ExecutionException, InterruptedException, TimeoutException {
        Runnable end = () -> exchange.cancel(true);
        if (!closing.offer(end)) {
            exchange.cancel(true);
        }
        try {
            return exchange.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .getHead()
                    .getCode();
        } finally {
            closing.remove(end);
        }
    }

    private static BasicRequestProducer request(URI url, List<Field> fields, byte[] message) {
        var request = SimpleRequestBuilder.post(url);
        fields.forEach(field -> request.setHeader(field.name(), field.value()));
        return new BasicRequestProducer(request.build(), AsyncEntityProducers.create(message, PROTOBUF));
    }

    private CloseableHttpAsyncClient client() {
        return ShortLivedClient.create(threads, ended -> {});
    }
}
