package dev.warder.upstream;

import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * A call that may become a stream of a shared connection.
 *
 * @param streams whether an event stream was asked for
 * @param handle what the caller cancels it with
 * @param end is told the end
 * @param tries how often it was begun before
 */
record SharedCall(
        boolean streams,
        AsyncRequestProducer request,
        AsyncResponseConsumer<Void> answer,
        UpstreamCall handle,
        FutureCallback<Void> end,
        int tries) {
    private static final int MOST_TRIES = 3;

    /** Whether it may be begun once more, if the upstream has not started on it. */
    boolean mayBegin() {
        return tries + 1 < MOST_TRIES;
    }

    SharedCall again() {
        return new SharedCall(streams, request, answer, handle, end, tries + 1);
    }
}
