package dev.warder.proxy;

import dev.warder.record.AttemptRecord;
import dev.warder.upstream.UpstreamCall;
import dev.warder.upstream.UpstreamClient;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** One call upstream with one credential: how far it is sent, and its response. Thread-safe. */
final class Attempt {
    private final Sending sending;
    private final UpstreamResponse response;
    private final AttemptRecord record;
    private volatile @Nullable UpstreamCall call;
    private volatile boolean cancelled;
    private volatile boolean sent;

    /**
     * @param sink receives the response
     * @param faults receives what the sink throws
     * @param toHead whether the request's method is HEAD
     */
    Attempt(Sending sending, ResponseSink sink, FaultHandler faults, AttemptRecord record, boolean toHead) {
        this.sending = sending;
        this.response = new UpstreamResponse(sink, faults, record, toHead);
        this.record = record;
    }

    /** Begins. */
    void begin(UpstreamClient client, boolean streams, HttpRequest message, @Nullable RequestContent content) {
        var request = new NotedRequest(new BasicRequestProducer(message, content), this::sendingBegan);
        try {
            call = client.execute(streams, request, response, response);
        } catch (RuntimeException | Error fault) {
            record.failed();
            throw fault;
        }
        if (cancelled) {
            cancel();
        }
    }

    /** The request goes up, or a part of it: a failure from now on may be of its making. */
    void sendingBegan() {
        sent = true;
    }

    /** Whether any of the request may have been sent. */
    boolean isSent() {
        return sent;
    }

    Sending sending() {
        return sending;
    }

    UpstreamResponse response() {
        return response;
    }

    /** Stops whatever goes on, and releases the content. The connection stays usable where both messages are whole. */
    void cancel() {
        cancelled = true;
        record.cancelled();
        sending.giveUp();
        var begun = call;
        if (begun != null && !(response.hasEnded() && sending.isWhole())) {
            begun.cancel();
        }
    }
}
