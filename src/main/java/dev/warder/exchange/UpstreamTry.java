package dev.warder.exchange;

import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.UpstreamResponse;
import dev.warder.exchange.tries.SentTry;
import dev.warder.exchange.up.RequestContent;
import dev.warder.exchange.up.SendProgress;
import dev.warder.record.TryRecord;
import dev.warder.record.TryTrace;
import dev.warder.state.Cancellation;
import dev.warder.state.FaultHandler;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamExchange;
import java.io.IOException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** One try: a request upstream with one credential, how far it is sent, and its response. Thread-safe. */
final class UpstreamTry implements SentTry {
    private final SendProgress sending;
    private final UpstreamResponse response;
    private final TryRecord record;
    private final Cancellation cancellation = new Cancellation();

    /** The message that HttpCore's producer of the request refers to until the response ends; HttpClient sends a copy. */
    private volatile @Nullable HttpRequest sent;

    /**
     * @param sink receives the response
     * @param faults receives what the sink throws
     * @param toHead whether the request's method is HEAD
     */
    UpstreamTry(SendProgress sending, ResponseSink sink, FaultHandler faults, TryRecord record, boolean toHead) {
        this.sending = sending;
        this.response = new UpstreamResponse(sink, faults, record, toHead);
        this.record = record;
        sending.whenWhole(record::sent);
    }

    void begin(UpstreamClient client, boolean streams, HttpRequest message, @Nullable RequestContent content) {
        if (cancellation.isCancelled()) {
            return;
        }
        sent = message;
        var request = new NotedRequest(new BasicRequestProducer(message, content), () -> sendBegins(content == null));
        try {
            var exchange = client.execute(streams, request, response, response);
            cancellation.add(() -> stop(exchange));
        } catch (RuntimeException | Error fault) {
            record.failed();
            throw fault;
        }
    }

    private void sendBegins(boolean complete) {
        sending.begun();
        record.sendBegan();
        if (complete) {
            record.sent();
        }
    }

    @Override
    public boolean hasBegun() {
        return sending.hasBegun();
    }

    /** The response has begun and is passed on: neither the head nor the content of the request is sent again. */
    void responseBegan() {
        sending.responseBegan();
        var message = sent;
        if (message != null) {
            sent = null;
            message.setHeaders();
        }
    }

    boolean hasCost() {
        return record.hasCost();
    }

    TryTrace trace() {
        return record.trace();
    }

    SendProgress sending() {
        return sending;
    }

    UpstreamResponse response() {
        return response;
    }

    @Override
    public void cancel() {
        record.cancelled();
        sending.giveUp();
        cancellation.cancel();
    }

    private void stop(UpstreamExchange exchange) {
        if (!(response.hasEnded() && sending.isWhole())) {
            exchange.cancel();
        }
    }

    /** A request that notes when a connection was found for it; before that it cannot be the cause of a failure. */
    static final class NotedRequest implements AsyncRequestProducer {
        private final AsyncRequestProducer request;
        private final Runnable sent;

        /** @param sent is run before the head of {@code request} is sent, each time it is */
        NotedRequest(AsyncRequestProducer request, Runnable sent) {
            this.request = request;
            this.sent = sent;
        }

        @Override
        public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
            sent.run();
            request.sendRequest(channel, context);
        }

        @Override
        public boolean isRepeatable() {
            return request.isRepeatable();
        }

        @Override
        public void failed(Exception cause) {
            request.failed(cause);
        }

        @Override
        public int available() {
            return request.available();
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            request.produce(channel);
        }

        @Override
        public void releaseResources() {
            request.releaseResources();
        }
    }
}
