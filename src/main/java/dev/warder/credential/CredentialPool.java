package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.ManagedSettings.PoolOrder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
                                ? new Health() {}
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

    public boolean serves(String name, Optional<String> model) {
        return members.stream().anyMatch(member -> member.source().name().equals(name) && member.isUsable(model));
    }

    public List<CredentialState> states() {
        return members.stream().map(Member::state).toList();
    }

    public List<CredentialSource> sources() {
        return members.stream().map(Member::source).toList();
    }

    /**
     * Chooses members in proportion to their weights, evenly spread. Each member gains its weight at each turn; the member
     * that has gained most is chosen and pays the sum of all weights. The order is not random, so that a test can predict
     * the next member. Thread-safe.
     */
    private static final class Rotation {
        @GuardedBy("this")
        private final Map<Member, Long> gained = new HashMap<>();

        /** The next of these members, at least one; all other members neither gain nor pay. */
        synchronized Member next(List<Member> usable) {
            var best = usable.get(0);
            long all = 0;
            for (var each : usable) {
                gained.merge(each, (long) each.weight(), Long::sum);
                all += each.weight();
                best = gained(each) > gained(best) ? each : best;
            }
            gained.merge(best, -all, Long::sum);
            return best;
        }

        @GuardedBy("this")
        private long gained(Member member) {
            return gained.getOrDefault(member, 0L);
        }
    }

    /**
     * The session of one request, if it named one. Thread-safe.
     *
     * @param client the name of the caller, see {@link dev.warder.auth.Client#name}
     * @param name the caller's name for the session; ignored unless it is 1 to 200 visible ASCII characters
     */
    record Session(StickySessions sessions, String client, Optional<String> name) {
        Session {
            name = name.filter(StickySessions::isName);
        }

        Session named(String other) {
            return StickySessions.isName(other) ? new Session(sessions, client, Optional.of(other)) : this;
        }

        private StickySessions.Key key() {
            return new StickySessions.Key(client, name.orElseThrow());
        }

        Optional<Member> member() {
            return name.isPresent() ? sessions.find(key()) : Optional.empty();
        }

        /**
         * The credential of the session, or {@code chosen} if it had none. Parallel requests of a new session thus share
         * one credential.
         */
        Member memberOr(Member chosen) {
            return name.isPresent() ? sessions.findOrPut(key(), chosen) : chosen;
        }

        void move(Member from, Member to) {
            if (name.isPresent()) {
                sessions.move(key(), from, to);
            }
        }
    }
}
