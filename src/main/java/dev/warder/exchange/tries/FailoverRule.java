package dev.warder.exchange.tries;

import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.CredentialUse;
import dev.warder.credential.Outcome;
import java.util.Optional;
import java.util.Set;

/** The rule by which a response goes to the client, or another credential is tried. Thread-safe. */
final class FailoverRule {
    private static final int UNAUTHORIZED = 401;
    private static final int LIMITED = 429;

    private static final Set<Integer> FAILED = Set.of(401, 402, 403, 429, 500, 502, 503, 529);

    private final Candidates candidates;
    private final boolean repeatable;
    private final Runnable moved;

    /**
     * @param repeatable whether the request can be sent more than once
     * @param moved is run when a response has begun: from then on the time for its rest counts
     */
    FailoverRule(Candidates candidates, boolean repeatable, Runnable moved) {
        this.candidates = candidates;
        this.repeatable = repeatable;
        this.moved = moved;
    }

    static boolean isRefusal(int status) {
        return status == UNAUTHORIZED;
    }

    /**
     * Whether a response with this status is kept back: for another credential, or since only its content says what is
     * limited.
     */
    boolean keepsBack(int status) {
        moved.run();
        return isRefusal(status)
                || FAILED.contains(status) && anotherMayTakeOver()
                || status == LIMITED && repeatable && candidates.distinguishesLimits();
    }

    /** Whether another credential could take over, so that an event stream is kept back until its first event. */
    boolean anotherMayTakeOver() {
        return repeatable && candidates.hasNext();
    }

    /** Whether earlier tries have failed, so that it counts what the first event of a stream is. */
    boolean hasUnproven() {
        return candidates.hasUnproven();
    }

    /** Whether the upstream is to be asked about a refused credential, since the request is not sent again. */
    boolean leavesRefusalToCheck() {
        return !repeatable || !candidates.judged();
    }

    /**
     * What came of a use whose value was not available.
     *
     * @param renewal whether it was to replace a value that the upstream had refused
     */
    static Outcome unavailable(CredentialUnavailableException cause, boolean renewal) {
        return renewal && !cause.isTerminal()
                ? new Outcome.Responded(UNAUTHORIZED, name -> Optional.empty())
                : new Outcome.Unavailable(cause);
    }

    void judged(CredentialUse use, Outcome outcome) {
        use.ended(outcome);
        candidates.over();
    }
}
