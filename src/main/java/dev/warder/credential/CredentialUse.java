package dev.warder.credential;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One use of a managed credential for one request; a renewal of its value after a 401 belongs to the same use. It must
 * be ended; otherwise its probe is never released. Thread-safe.
 */
public final class CredentialUse {
    private final Member member;
    private final Consumer<Outcome> end;
    private final AtomicBoolean ended = new AtomicBoolean();

    CredentialUse(Member member, Consumer<Outcome> end) {
        this.member = member;
        this.end = end;
    }

    public CredentialSource source() {
        return member.source();
    }

    /**
     * Reports the outcome; only the first call counts. Callers do not report a 401 after which they send a renewed
     * value: they report the outcome with the renewed value.
     */
    public void ended(Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            end.accept(outcome);
        }
    }

    Member member() {
        return member;
    }
}
