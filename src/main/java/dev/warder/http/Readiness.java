package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether requests can be served: which settings are missing, what else is not well, and whether the application is
 * draining (open exchanges finish, new ones are refused) or already being stopped. Thread-safe.
 */
public final class Readiness {
    /**
     * What else has to be well. Threads that must not wait ask both suppliers each time.
     *
     * @param name as health shows it
     * @param cause why it is not, in words without an address, a user or a secret
     * @param needed whether the node can serve no request while there is a cause
     */
    public record Check(String name, Supplier<Optional<String>> cause, BooleanSupplier needed) {}

    /** The longest wait for threads inside the filters and servlets. These wait for no network. */
    private static final long LONGEST_PASSAGE = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final Optional<String> missingClients;
    private final Optional<String> missingCredential;
    private final List<Check> checks;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicInteger inside = new AtomicInteger();
    private final ReentrantLock takeDown = new ReentrantLock();
    private volatile boolean stopping;

    @GuardedBy("takeDown")
    private boolean takenDown;

    @GuardedBy("takeDown")
    private Runnable atTakeDown = () -> {};

    /**
     * @param missingClients what to set so that callers can be identified, empty when something is set
     * @param missingCredential what to set so that any request has a credential, empty when one can have it
     * @param checks what else has to be well
     */
    public Readiness(Optional<String> missingClients, Optional<String> missingCredential, List<Check> checks) {
        this.missingClients = missingClients;
        this.missingCredential = missingCredential;
        this.checks = List.copyOf(checks);
    }

    /** The settings without which no caller can be admitted, in words. */
    public Optional<String> missingClients() {
        return missingClients;
    }

    /** The settings without which no request finds a credential, in words. */
    public Optional<String> missingCredential() {
        return missingCredential;
    }

    /** What else has to be well. */
    public List<Check> checks() {
        return checks;
    }

    /** Starts draining; true for the first call. */
    public boolean drain() {
        return !draining.getAndSet(true);
    }

    /** Whether draining has started. */
    public boolean draining() {
        return draining.get();
    }

    /**
     * Records that the container has begun to take servlets out of service. From then on nothing after the first filter
     * can be relied on, health included. This happens before {@code contextDestroyed} (Jakarta Servlet 6.0, section
     * 11.3.2).
     */
    public void stop() {
        stopping = true;
    }

    /** Counts the calling thread as inside the filters, until {@link #left}; to be called before {@link #stopping} is asked. */
    public void entered() {
        inside.incrementAndGet();
    }

    /** Ends what {@link #entered} began. */
    public void left() {
        inside.decrementAndGet();
    }

    /** Sets what ends the open exchanges in {@link #takeDown()}. */
    public void atTakeDown(Runnable work) {
        takeDown.lock();
        try {
            atTakeDown = work;
        } finally {
            takeDown.unlock();
        }
    }

    /**
     * Stops the application on the first call: refuses requests, waits until no thread is inside the filters, 5 s at
     * most, and then ends the open exchanges. Later calls only wait until the first has done so.
     */
    public void takeDown() {
        stop();
        takeDown.lock();
        try {
            if (!takenDown) {
                takenDown = true;
                awaitAllLeft();
                atTakeDown.run();
            }
        } finally {
            takeDown.unlock();
        }
    }

    /**
     * The same for an application, unless it did not start. It is called by {@code destroy} of every filter, because Jetty
     * begins with the last one, but with another after a restart of the same context; and of the servlet of exchanges,
     * because other containers destroy servlets first. Jetty does not wait for the threads inside (Jakarta Servlet 6.0, 2.3.4
     * and 6.2.1); and a request or dispatch that reaches a destroyed servlet there makes it unavailable, also after the same
     * context has started again.
     */
    public static void takeDown(ServletContext application) {
        Attributes.find(application, Readiness.class).ifPresent(Readiness::takeDown);
    }

    private void awaitAllLeft() {
        long start = System.nanoTime();
        while (inside.get() > 0
                && System.nanoTime() - start < LONGEST_PASSAGE
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    /** Whether {@link #stop} was called. */
    public boolean stopping() {
        return stopping;
    }
}
