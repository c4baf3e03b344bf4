package dev.warder.credential;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One use of a managed credential for one request; a renewal of its value after a 401 belongs to the same use. Must be
 * ended, or a breaker's probe stays taken. Thread-safe.
 */
public final class Try {
    private final CredentialSource source;
    private final Consumer<Outcome> end;
    private final AtomicBoolean ended = new AtomicBoolean();

    Try(CredentialSource source, Consumer<Outcome> end) {
        this.source = source;
        this.end = end;
    }

    /** The credential that is used. */
    public CredentialSource source() {
        return source;
    }

    /**
     * Says what came of it; only the first call counts. A 401 to which a renewed value will be sent is not told: the
     * outcome with the renewed one is.
     */
    public void ended(Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            end.accept(outcome);
        }
    }
}
