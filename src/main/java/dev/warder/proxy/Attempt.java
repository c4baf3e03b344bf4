package dev.warder.proxy;

import dev.warder.failover.TriedCall;
import dev.warder.record.AttemptRecord;
import dev.warder.record.TryTrace;
import dev.warder.response.ResponseSink;
import dev.warder.response.UpstreamResponse;
import dev.warder.state.Cancellation;
import dev.warder.state.FaultHandler;
import dev.warder.upload.RequestContent;
import dev.warder.upload.Sending;
import dev.warder.upstream.UpstreamCall;
import dev.warder.upstream.UpstreamClient;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** One call upstream with one credential: how far it is sent, and its response. Thread-safe. */
final class Attempt implements TriedCall {
    private final Sending sending;
    private final UpstreamResponse response;
    private final AttemptRecord record;
    private final Cancellation cancellation = new Cancellation();

    /** What HttpCore's producer of the request refers to until the response ends; HttpClient sends a copy. */
    private volatile @Nullable HttpRequest sent;

    /**
     * @param sink receives the response
     * @param faults receives what the sink throws
     * @param toHead whether the request's method is HEAD
     */
    Attempt(Sending sending, ResponseSink sink, FaultHandler faults, AttemptRecord record, boolean toHead) {
        this.sending = sending;
        this.response = new UpstreamResponse(sink, faults, record, toHead);
        this.record = record;
        sending.whenWhole(record::sent);
    }

    /** Begins, unless it was cancelled. */
    void begin(UpstreamClient client, boolean streams, HttpRequest message, @Nullable RequestContent content) {
        if (cancellation.isCancelled()) {
            return;
        }
        sent = message;
        var request = new NotedRequest(new BasicRequestProducer(message, content), () -> sendBegins(content == null));
        try {
            var call = client.execute(streams, request, response, response);
            cancellation.add(() -> stop(call));
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
    public boolean isSent() {
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

    /** Whether it has cost something, as far as is known now. */
    boolean hasCost() {
        return record.hasCost();
    }

    /** What follows it for a tracer. */
    TryTrace trace() {
        return record.trace();
    }

    Sending sending() {
        return sending;
    }

    UpstreamResponse response() {
        return response;
    }

    /** Stops whatever goes on, and releases the content. */
    @Override
    public void cancel() {
        record.cancelled();
        sending.giveUp();
        cancellation.cancel();
    }

    /** The connection stays usable where both messages are whole. */
    private void stop(UpstreamCall call) {
        if (!(response.hasEnded() && sending.isWhole())) {
            call.cancel();
        }
    }
}
