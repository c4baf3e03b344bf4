package dev.warder.proxy;

import dev.warder.record.AttemptRecord;
import dev.warder.upstream.UpstreamCall;
import dev.warder.upstream.UpstreamClient;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** One call upstream with one credential: how far it is sent, and its answer. Thread-safe. */
final class Attempt {
    private final Sending sending;
    private final UpstreamAnswer answer;
    private final AttemptRecord record;
    private volatile @Nullable UpstreamCall call;
    private volatile boolean answerEnded;
    private volatile boolean cancelled;
    private volatile boolean sent;

    Attempt(Sending sending, UpstreamAnswer.Events events, AttemptRecord record) {
        this.sending = sending;
        this.answer = new UpstreamAnswer(events, record);
        this.record = record;
    }

    /** Begins. */
    void begin(UpstreamClient client, boolean streams, HttpRequest message, @Nullable RequestContent content) {
        call = client.execute(
                streams,
                new NotedRequest(new BasicRequestProducer(message, content), this::sendingBegan),
                answer,
                answer);
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

    UpstreamAnswer answer() {
        return answer;
    }

    /** The answer was read whole: the connection is free, if the request was taken whole too. */
    void answerEnded() {
        answerEnded = true;
    }

    /** Stops whatever goes on, and lets go of the content; harmless when all is over. */
    void cancel() {
        cancelled = true;
        record.cancelled();
        sending.giveUp();
        var begun = call;
        if (begun != null && !(answerEnded && sending.isWhole())) {
            begun.cancel();
        }
    }
}
