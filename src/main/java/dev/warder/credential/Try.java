package dev.warder.credential;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One use of a managed credential for one request; a renewal of its value after a 401 belongs to the same use. Must be
 * ended, or a breaker's probe stays taken. Thread-safe.
 */
public final class Try {
    private final Member member;
    private final Consumer<Outcome> end;
    private final AtomicBoolean ended = new AtomicBoolean();

    Try(Member member, Consumer<Outcome> end) {
        this.member = member;
        this.end = end;
    }

    /** The credential that is used. */
    public CredentialSource source() {
        return member.source();
    }

    /**
     * Reports what came of it; only the first call counts. A 401 to which a renewed value will be sent is not reported: the
     * outcome with the renewed one is.
     */
    public void ended(Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            end.accept(outcome);
        }
    }

    /** The credential that was used, for a question about it. */
    Member member() {
        return member;
    }
}
