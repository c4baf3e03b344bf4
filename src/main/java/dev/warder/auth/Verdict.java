package dev.warder.auth;

import dev.warder.http.ErrorReply;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A gate's decision about one request. */
public sealed interface Verdict {
    /** A final verdict. */
    sealed interface Decision extends Verdict {}

    /**
     * The request may go on.
     *
     * @param release runs exactly once, when the record of the request ends, on the thread that ends it; must not wait
     * @param meter follows the request until then; not used if the grant arrives after a withdrawal
     */
    record Granted(Optional<Runnable> release, Optional<Meter> meter) implements Decision {
        private static final Granted PLAIN = new Granted(Optional.empty(), Optional.empty());
    }

    /** The request is refused with this reply. */
    record Refused(ErrorReply reply) implements Decision {}

    /**
     * The decision follows.
     *
     * @param decision completes on any thread, perhaps after the withdrawal; a grant is then released at once
     * @param withdrawal runs at most once, on any thread, when the request no longer waits for the decision; must not wait
     */
    record Later(CompletionStage<? extends Decision> decision, Runnable withdrawal) implements Verdict {}

    static Granted granted() {
        return Granted.PLAIN;
    }

    static Granted granted(Runnable release) {
        return new Granted(Optional.of(release), Optional.empty());
    }

    static Granted granted(Meter meter) {
        return new Granted(Optional.empty(), Optional.of(meter));
    }

    static Refused refused(ErrorReply reply) {
        return new Refused(reply);
    }
}
