package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The node's ability to serve requests: which settings are missing, which checks fail, and whether the application is
 * draining (open exchanges finish, new ones are refused) or stopping. Thread-safe.
 */
public final class Readiness {
    /**
     * A further condition of readiness. Threads that must not wait call both suppliers each time.
     *
     * @param name the name in health
     * @param cause the reason of a failure, without an address, a user or a secret; empty when the check succeeds
     * @param needed whether the node can serve no request while the check fails
     */
    public record Check(String name, Supplier<Optional<String>> cause, BooleanSupplier needed) {}

    /** The longest wait for threads inside the filters and servlets, which do not wait for the network. */
    private static final long LONGEST_PASSAGE = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final Optional<String> missingClients;
    private final Optional<String> missingCredential;
    private final List<Check> checks;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean stopping;

    @GuardedBy("this")
    private boolean takenDown;

    @GuardedBy("this")
    private Runnable atTakeDown = () -> {};

    /**
     * @param missingClients the settings without which callers cannot be identified; empty when one is set
     * @param missingCredential the settings without which no request has a credential; empty when one can have it
     * @param checks further conditions
     */
    public Readiness(Optional<String> missingClients, Optional<String> missingCredential, List<Check> checks) {
        this.missingClients = missingClients;
        this.missingCredential = missingCredential;
        this.checks = List.copyOf(checks);
    }

    /** The settings without which no caller can be admitted, for a message. */
    public Optional<String> missingClients() {
        return missingClients;
    }

    /** The settings without which no request has a credential, for a message. */
    public Optional<String> missingCredential() {
        return missingCredential;
    }

    public List<Check> checks() {
        return checks;
    }

    public boolean drain() {
        return !draining.getAndSet(true);
    }

    public boolean draining() {
        return draining.get();
    }

    /**
     * Records that the container has begun to take servlets out of service. From then on, only the first filter can be
     * relied on; even health cannot. This happens before {@code contextDestroyed} (Jakarta Servlet 6.0, section 11.3.2).
     */
    public void stop() {
        stopping = true;
    }

    /** Counts the calling thread as inside the filters, until {@link #left}. To be called before {@link #stopping}. */
    public void entered() {
        inside.incrementAndGet();
    }

    public void left() {
        inside.decrementAndGet();
    }

    public synchronized void atTakeDown(Runnable work) {
        atTakeDown = work;
    }

    /**
     * Stops the application on the first call: refuses requests, waits at most 5 s until no thread is inside the filters,
     * and then ends the open exchanges. Later calls only wait until the first has done so.
     *
     * <p>The {@code destroy} method of every filter and servlet calls it. Jetty begins with the last filter, and with another one
     * after a restart of the same context; other containers destroy servlets first. Jetty does not wait for threads inside
     * (Jakarta Servlet 6.0, 2.3.4 and 6.2.1). There, a request or dispatch that reaches a destroyed servlet makes it
     * unavailable, even after the same context has started again.
     */
    public void takeDown() {
        stop();
        synchronized (this) {
            if (!takenDown) {
                takenDown = true;
                awaitAllLeft();
                atTakeDown.run();
            }
        }
    }

    private void awaitAllLeft() {
        long start = System.nanoTime();
        while (inside.get() > 0
                && System.nanoTime() - start < LONGEST_PASSAGE
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    public boolean stopping() {
        return stopping;
    }
}
