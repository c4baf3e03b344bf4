package dev.warder.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The moments of a request from which it follows how much time Warder added: from the last byte of the request's body until the
 * whole request was sent upstream, without the time that gates and connecting took, and from the first byte of the upstream's body
 * until the container received a byte. Where a response is collected, its last byte before that counts as the first one. Thread-safe.
 */
public final class AddedLatency {
    private static final long NEVER = Long.MIN_VALUE;

    private final LongSupplier nanoTime;
    private volatile boolean done;

    @GuardedBy("this")
    private long read;

    @GuardedBy("this")
    private long waitBegan = NEVER;

    @GuardedBy("this")
    private long waited;

    @GuardedBy("this")
    private long firstTry = NEVER;

    @GuardedBy("this")
    private long sendBegan = NEVER;

    @GuardedBy("this")
    private long sent = NEVER;

    @GuardedBy("this")
    private long arrived = NEVER;

    @GuardedBy("this")
    private long delivered = NEVER;

    AddedLatency(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.read = nanoTime.getAsLong();
    }

    /** Bytes of the body were read; what gates took before that did not delay the request. */
    synchronized void read() {
        read = nanoTime.getAsLong();
        waited = 0;
    }

    public synchronized void waiting() {
        waitBegan = nanoTime.getAsLong();
    }

    public synchronized void admitted() {
        if (waitBegan != NEVER) {
            waited += nanoTime.getAsLong() - Math.max(waitBegan, read);
            waitBegan = NEVER;
        }
    }

    synchronized void tryBegan() {
        if (firstTry == NEVER) {
            firstTry = nanoTime.getAsLong();
        }
    }

    /** There is a connection. The first request that is sent completely counts. */
    synchronized void sendBegan() {
        if (sent == NEVER) {
            sendBegan = nanoTime.getAsLong();
        }
    }

    synchronized void sent() {
        if (sent == NEVER && sendBegan != NEVER) {
            sent = nanoTime.getAsLong();
        }
    }

    /** A part of the body of the response that the client receives came from the upstream. Costs little after {@link #delivered}. */
    public void arrived() {
        if (!done) {
            synchronized (this) {
                arrived = nanoTime.getAsLong();
            }
        }
    }

    /**
     * The container has received bytes of the response's body. Those before {@link #arrived} are Warder's own, such as a comment
     * that keeps the connection open, and do not count.
     */
    public void delivered() {
        if (!done) {
            synchronized (this) {
                if (arrived != NEVER) {
                    done = true;
                    delivered = nanoTime.getAsLong();
                }
            }
        }
    }

    /** The sum; empty unless a request was sent and a response with a body came. */
    synchronized Optional<Duration> sum() {
        if (sent == NEVER || arrived == NEVER || delivered == NEVER) {
            return Optional.empty();
        }
        long untilTry = Math.max(0, firstTry - read - waited);
        long sending = Math.max(0, sent - Math.max(sendBegan, read));
        return Optional.of(Duration.ofNanos(untilTry + sending + Math.max(0, delivered - arrived)));
    }
}
