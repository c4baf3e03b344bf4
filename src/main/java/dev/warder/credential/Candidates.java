package dev.warder.credential;

import dev.warder.http.ErrorReply;
import java.util.List;
import java.util.Optional;

/** The way of one request through the pool: each credential is tried at most once. Thread-safe. */
public final class Candidates {
    private final List<CredentialPool.Entry> entries;
    private int used;

    Candidates(List<CredentialPool.Entry> entries) {
        this.entries = entries;
    }

    /** The next credential that is usable now and was not tried with this request; empty when there is none. */
    public synchronized Optional<Try> next() {
        if (used == entries.size()) {
            return Optional.empty();
        }
        return Optional.of(new Try(entries.get(used++).source(), outcome -> {}));
    }

    /** Whether {@link #next} would bring one now. Changes nothing. */
    public synchronized boolean hasNext() {
        return used < entries.size();
    }

    /** What is answered when the first {@link #next} was empty, so that nothing was sent. */
    public ErrorReply refusal() {
        return ErrorReply.overloaded("No managed credential is usable.", 1);
    }
}
