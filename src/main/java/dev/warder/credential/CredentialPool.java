package dev.warder.credential;

import dev.warder.credential.source.CredentialSource;
import dev.warder.credential.source.PoolOrder;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The operator's credentials, which take over for each other. The pool chooses the credential of a request and keeps
 * the state of each. A single credential is used whatever the upstream responds; only a source that is out of use stops
 * it. Thread-safe.
 */
public final class CredentialPool {
    private final List<Member> members;
    private final Function<List<Member>, Member> order;
    private final StickySessions sessions;

    /**
     * A pool of credentials that are all usable.
     *
     * @param nanoTime a clock that never goes back, in nanoseconds
     * @param clock the time of day, for dates in the upstream's responses
     */
    public CredentialPool(List<Entry> entries, PoolOrder order, LongSupplier nanoTime, InstantSource clock) {
        this.members = entries.stream()
                .map(entry -> new Member(
                        entry.source(),
                        entry.weight(),
                        entries.size() == 1
                                ? new SoleHealth()
                                : new SharedHealth(entry.source().name(), nanoTime, clock),
                        nanoTime,
                        clock))
                .toList();
        this.order = order == PoolOrder.WEIGHTED ? new Rotation()::next : usable -> usable.get(0);
        this.sessions = new StickySessions(nanoTime);
    }

    /**
     * One credential of a pool.
     *
     * @param weight its share where the order is {@link PoolOrder#WEIGHTED}, at least 1
     */
    public record Entry(CredentialSource source, int weight) {
        /** Refuses a weight below 1. */
        public Entry {
            if (weight < 1) {
                throw new IllegalArgumentException("weight is out of range");
            }
        }
    }

    /** Whether the pool has no credential. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /**
     * The candidates for one request about which nothing is known yet; see {@link Candidates#of}.
     *
     * @param client the name of the caller, see {@link dev.warder.auth.Client#name}
     * @param session the caller's name for its conversation, whose requests stay with one credential; ignored unless it
     *     is 1 to 200 visible ASCII characters
     */
    public Candidates candidates(String client, Optional<String> session) {
        return new Candidates(
                        members, order, new Session(sessions, client, Optional.empty()), false, false, Optional.empty())
                .inSession(session);
    }

    /** Whether the credential of this name may be used now, for this model. */
    public boolean serves(String name, Optional<String> model) {
        return members.stream().anyMatch(member -> member.source().name().equals(name) && member.isUsable(model));
    }

    /** The current state of each credential, in the configured order. */
    public List<CredentialState> states() {
        return members.stream().map(Member::state).toList();
    }

    /** The credentials in the configured order. */
    public List<CredentialSource> sources() {
        return members.stream().map(Member::source).toList();
    }
}
