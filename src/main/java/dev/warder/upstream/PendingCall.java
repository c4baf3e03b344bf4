package dev.warder.upstream;

import dev.warder.upstream.h2.StreamCall;
import java.util.function.Consumer;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * A call as connections of both protocols get it. Thread-safe, as its parts are.
 *
 * @param streams whether an event stream was requested
 * @param end receives the end
 * @param handle what the caller cancels it with
 * @param http1 makes it over HTTP/1.1
 */
record PendingCall(
        boolean streams,
        AsyncRequestProducer request,
        AsyncResponseConsumer<Void> response,
        FutureCallback<Void> end,
        UpstreamCall handle,
        Consumer<PendingCall> http1)
        implements StreamCall {
    @Override
    public boolean carriedBy(Runnable cancellation) {
        return handle.shares(cancellation);
    }

    @Override
    public void overHttp1() {
        http1.accept(this);
    }
}
