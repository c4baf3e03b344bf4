package dev.warder.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether requests can be served: which settings are missing, and whether the application is draining, that is letting
 * open exchanges end and taking no new ones. Thread-safe.
 */
public final class Readiness {
    private final Optional<String> missingClients;
    private final Optional<String> missingCredential;
    private final AtomicBoolean draining = new AtomicBoolean();

    /**
     * @param missingClients what to set so that callers can be told apart, empty when something is set
     * @param missingCredential what to set so that any request has a credential, empty when one can have it
     */
    public Readiness(Optional<String> missingClients, Optional<String> missingCredential) {
        this.missingClients = missingClients;
        this.missingCredential = missingCredential;
    }

    /** The settings without which no caller can be let in, in words. */
    public Optional<String> missingClients() {
        return missingClients;
    }

    /** The settings without which no request finds a credential, in words. */
    public Optional<String> missingCredential() {
        return missingCredential;
    }

    /** Starts draining; true for the first call. */
    public boolean drain() {
        return !draining.getAndSet(true);
    }

    /** Whether draining has started. */
    public boolean draining() {
        return draining.get();
    }
}
