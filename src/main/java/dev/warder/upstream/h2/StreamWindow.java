package dev.warder.upstream.h2;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.nio.CapacityChannel;

/**
 * The window of one stream, widened in portions of half its size. Each widening is a frame to the upstream (RFC 9113,
 * section 6.9), and one that comes after the end of the stream counts as abuse with some upstreams. Thread-safe.
 */
final class StreamWindow implements CapacityChannel {
    /**
     * Bytes that the upstream may send before the client has taken any: the most that is queued for a client that
     * stalls.
     */
    static final int SIZE = 128 * 1024;

    private static final int PORTION = SIZE / 2;

    private final CapacityChannel channel;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    StreamWindow(CapacityChannel channel) {
        this.channel = channel;
    }

    @Override
    public void update(int taken) throws IOException {
        if (!closed.get() && held.addAndGet(taken) >= PORTION) {
            int portion = held.getAndSet(0);
            if (portion > 0) {
                channel.update(portion);
            }
        }
    }

    /** Allows one more frame of a stream that was cancelled, and nothing after it, however often this is called. */
    void allowLastFrame() throws IOException {
        if (closed.compareAndSet(false, true)) {
            channel.update(PORTION);
        }
    }

    void close() {
        closed.set(true);
    }
}
