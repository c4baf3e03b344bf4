package dev.warder.upstream.h2;

import java.io.IOException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * An exchange that a connection carries as a stream. Its parts throw a {@link ExchangeFaultException} for a fault of their own;
 * then only the stream ends. Thread-safe.
 */
public interface StreamExchange {
    AsyncRequestProducer request();

    AsyncResponseConsumer<Void> response();

    FutureCallback<Void> end();

    /**
     * The exchange is a stream from now on, or another stream than before.
     *
     * @param cancellation ends the stream; it is not run during this call
     * @return false when the exchange is cancelled already: the stream must be ended
     */
    boolean carriedBy(Runnable cancellation);

    /** Makes the exchange over HTTP/1.1, because the upstream chose that. */
    void overHttp1();

    /**
     * A part of the exchange itself threw while it made its request or took its response: not a fault of the upstream. Over
     * HTTP/2 only the stream ends, and its connection stays.
     */
    final class ExchangeFaultException extends IOException {
        /** Wraps what was thrown. */
        public ExchangeFaultException(Throwable cause) {
            super(cause);
        }
    }
}
