package dev.warder.upstream;

import dev.warder.upstream.h2.StreamExchange;
import java.util.function.Consumer;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * An exchange as connections of both protocols get it. Thread-safe, as its parts are.
 *
 * @param streams whether an event stream was requested
 * @param end receives the end
 * @param handle what the caller cancels it with
 * @param http1 makes it over HTTP/1.1
 */
record PendingExchange(
        boolean streams,
        AsyncRequestProducer request,
        AsyncResponseConsumer<Void> response,
        FutureCallback<Void> end,
        UpstreamExchange handle,
        Consumer<PendingExchange> http1)
        implements StreamExchange {
    @Override
    public boolean carriedBy(Runnable cancellation) {
        return handle.shares(cancellation);
    }

    @Override
    public void overHttp1() {
        http1.accept(this);
    }
}
