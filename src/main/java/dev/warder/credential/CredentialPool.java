package dev.warder.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.ManagedSettings.PoolOrder;
import dev.warder.http.Sha256;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The operator's credentials, which take over for each other. The pool chooses the credential of a request and keeps
 * the state of each. A single credential is used whatever the upstream responds; only a source that is out of use stops
 * it. Thread-safe.
 */
public final class CredentialPool {
    private final List<Member> members;
    private final Order order;

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
        this.order = order == PoolOrder.WEIGHTED ? new WeightedOrder() : (usable, session) -> usable.get(0);
    }

    /**
     * One credential of a pool.
     *
     * @param weight its share where the order is {@link PoolOrder#WEIGHTED}, at least 1
     */
    public record Entry(CredentialSource source, int weight) {}

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /**
     * The candidates for one request about which nothing is known yet; see {@link Candidates#of}.
     *
     * @param client the name of the caller, see {@link dev.warder.auth.Client#name}
     * @param session the caller's name for its conversation, see {@link Candidates#inSession}
     */
    public Candidates candidates(String client, Optional<String> session) {
        return new Candidates(members, order, new Session(client, ""), false, false, Optional.empty())
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

    /** Chooses one of the usable members, of which there is at least one. Thread-safe. */
    interface Order {
        Member choose(List<Member> usable, Session session);
    }

    /**
     * The session that a request belongs to.
     *
     * @param client the name of the caller, see {@link dev.warder.auth.Client#name}
     * @param name the caller's name for it; empty where it names none
     */
    record Session(String client, String name) {
        private static final int LONGEST_NAME = 200;

        /** Whether a session can have this name: 1 to 200 visible ASCII characters. */
        static boolean isName(String text) {
            return !text.isEmpty()
                    && text.length() <= LONGEST_NAME
                    && text.chars().allMatch(c -> c > ' ' && c <= '~');
        }
    }

    /**
     * Chooses members in proportion to their weights. Requests without a session are spread evenly: each member gains its weight
     * at each turn; the member that has gained most is chosen and pays the sum of all weights. The order is not random, so that a
     * test can predict the next member.
     *
     * <p>A session gets its member by weighted rendezvous hashing (Schindelhauer and Schomaker, "Weighted Distributed Hash
     * Tables", 2005): each node finds the same one without asking another, and a member that fails or returns moves its own
     * sessions only. Thread-safe.
     */
    private static final class WeightedOrder implements Order {
        private static final int UNUSED_BITS = 11;
        private static final double UNIT = 0x1p-53;

        @GuardedBy("this")
        private final Map<Member, Long> gained = new HashMap<>();

        @Override
        public Member choose(List<Member> usable, Session session) {
            return session.name().isEmpty() ? next(usable) : ofSession(usable, session);
        }

        /** A member that is not usable neither gains nor pays. */
        private synchronized Member next(List<Member> usable) {
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

        private static Member ofSession(List<Member> usable, Session session) {
            var best = usable.get(0);
            double highest = 0;
            for (var each : usable) {
                double score = score(each, session);
                if (score > highest) {
                    best = each;
                    highest = score;
                }
            }
            return best;
        }

        /** Positive, and greater for a greater weight; the part of all sessions for which it is greatest is that of the weight in all weights. */
        private static double score(Member member, Session session) {
            var hash = Sha256.of((session.client()
                            + '\n'
                            + session.name()
                            + '\n'
                            + member.source().name())
                    .getBytes(UTF_8));
            double between0And1 = ((ByteBuffer.wrap(hash).getLong() >>> UNUSED_BITS) + 0.5) * UNIT;
            return -member.weight() / Math.log(between0And1);
        }
    }
}
