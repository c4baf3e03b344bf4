package dev.warder.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether requests can be served: which settings are missing, what else is not well, and whether the application is draining, that is letting
 * open exchanges end and taking no new ones, or already being taken down. Thread-safe.
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

    private final Optional<String> missingClients;
    private final Optional<String> missingCredential;
    private final List<Check> checks;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile boolean stopping;

    /**
     * @param missingClients what to set so that callers can be told apart, empty when something is set
     * @param missingCredential what to set so that any request has a credential, empty when one can have it
     * @param checks what else has to be well
     */
    public Readiness(Optional<String> missingClients, Optional<String> missingCredential, List<Check> checks) {
        this.missingClients = missingClients;
        this.missingCredential = missingCredential;
        this.checks = List.copyOf(checks);
    }

    /** The settings without which no caller can be let in, in words. */
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
     * Says that the container has begun to take servlets out of service: nothing behind the first filter can be relied on
     * from then on, health included. It comes before {@code contextDestroyed} (Jakarta Servlet 6.0, section 11.3.2).
     */
    public void stop() {
        stopping = true;
    }

    /** Whether {@link #stop} was called. */
    public boolean stopping() {
        return stopping;
    }
}
