package dev.warder.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.Client;
import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Right;
import dev.warder.auth.Verdict;
import dev.warder.credential.Health.Obstacle;
import dev.warder.credential.ManagedSettings.PoolOrder;
import dev.warder.http.ErrorReply;
import dev.warder.http.Sha256;
import dev.warder.json.MemberPaths;
import dev.warder.upstream.UpstreamClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operator's credentials, which take over for each other. The pool chooses the credential of a request and keeps
 * the state of each. A single credential is used whatever the upstream responds; only a source that is out of use stops
 * it. Thread-safe.
 */
public final class CredentialPool {
    final List<Member> members;

    /** The members of bodies that an upstream asks for; empty where none does. */
    final Optional<MemberPaths> paths;

    /** Empty where the first usable member is chosen. */
    private final Optional<WeightedOrder> weighted;

    /**
     * A pool of credentials that are all usable.
     *
     * @param nanoTime a clock that never goes back, in nanoseconds
     * @param clock the time of day, for dates in the upstream's responses
     */
    public CredentialPool(List<Entry> entries, PoolOrder order, LongSupplier nanoTime, InstantSource clock) {
        this.members = entries.stream()
                .map(entry -> new Member(
                        entry,
                        entries.size() == 1
                                ? new Health() {}
                                : new SharedHealth(entry.source().name(), nanoTime, clock),
                        nanoTime,
                        clock))
                .toList();
        this.weighted = order == PoolOrder.WEIGHTED ? Optional.of(new WeightedOrder()) : Optional.empty();
        var asked = new HashSet<String>();
        for (var entry : entries) {
            asked.addAll(entry.upstream().members());
        }
        this.paths = asked.isEmpty() ? Optional.empty() : Optional.of(MemberPaths.of(asked));
    }

    /**
     * One credential of a pool.
     *
     * @param weight its share where the order is {@link PoolOrder#WEIGHTED}, at least 1
     * @param upstream where its value is valid
     */
    public record Entry(CredentialSource source, int weight, Upstream upstream) {}

    /**
     * Upstreams that a deployment adds to the API, with their credentials. A {@code ServletContextListener} that is declared before
     * the application's own sets them as an attribute of the servlet context under this type. There is no setting for it.
     */
    @FunctionalInterface
    public interface AdditionalUpstreams {
        /**
         * The entries, after those of {@code upstream.credentials}.
         *
         * @param client takes further origins later too
         */
        List<Entry> entries(UpstreamClient client);
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /**
     * The candidates for one request about which nothing is known yet; see {@link Candidates#of}.
     *
     * @param session the caller's name for its conversation, see {@link Candidates#inSession}
     */
    public Candidates candidates(Client client, Optional<String> session) {
        return new Candidates(this, members, new Session(client, ""), false, false, Optional.empty())
                .inSession(session);
    }

    Member choose(List<Member> usable, Session session) {
        return weighted.isPresent() ? weighted.get().choose(usable, session) : usable.get(0);
    }

    /** The first credential that is usable now, with one of these upstreams. */
    public Optional<Entry> firstUsable(Predicate<Upstream> upstreams) {
        for (var member : members) {
            if (upstreams.test(member.entry.upstream()) && member.isUsable(Optional.empty())) {
                return Optional.of(member.entry);
            }
        }
        return Optional.empty();
    }

    /** The origins of all upstreams, each once. */
    public Set<String> origins() {
        var origins = new LinkedHashSet<String>();
        members.forEach(member -> origins.add(member.entry.upstream().address()));
        return origins;
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
     * The session that a request belongs to.
     *
     * @param name the caller's name for it; empty where it names none
     */
    record Session(Client client, String name) {
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
    private static final class WeightedOrder {
        private static final int UNUSED_BITS = 11;
        private static final double UNIT = 0x1p-53;

        @GuardedBy("this")
        private final Map<Member, Long> gained = new HashMap<>();

        /** @param usable at least one */
        Member choose(List<Member> usable, Session session) {
            return session.name().isEmpty() ? next(usable) : ofSession(usable, session);
        }

        /** A member that is not usable neither gains nor pays. */
        private synchronized Member next(List<Member> usable) {
            var best = usable.get(0);
            long all = 0;
            for (var each : usable) {
                gained.merge(each, (long) each.entry.weight(), Long::sum);
                all += each.entry.weight();
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
            var hash = Sha256.of((session.client().name()
                            + '\n'
                            + session.name()
                            + '\n'
                            + member.source().name())
                    .getBytes(UTF_8));
            double between0And1 = ((ByteBuffer.wrap(hash).getLong() >>> UNUSED_BITS) + 0.5) * UNIT;
            return -member.entry.weight() / Math.log(between0And1);
        }
    }

    /** One credential of the pool and its state. Thread-safe. */
    static final class Member {
        private static final long CHECK_PAUSE = Duration.ofMinutes(1).toNanos();

        final Entry entry;
        final Health health;
        private final LongSupplier nanoTime;
        private final InstantSource clock;
        private volatile @Nullable RateLimitFields reported;

        @GuardedBy("this")
        private boolean checked;

        @GuardedBy("this")
        private long checkedAt;

        Member(Entry entry, Health health, LongSupplier nanoTime, InstantSource clock) {
            this.entry = entry;
            this.health = health;
            this.nanoTime = nanoTime;
            this.clock = clock;
        }

        /** Keeps the response if it reports what remains, for operators. They seldom ask, so it is read then. */
        void responded(Outcome.Responded responded) {
            var fields = new RateLimitFields(responded.field(), clock.instant());
            if (fields.reportQuota()) {
                reported = fields;
            }
        }

        CredentialSource source() {
            return entry.source();
        }

        /** Why it is not used now for this model. Calls the source, so callers hold no lock. */
        Optional<Obstacle> obstacle(Optional<String> model) {
            return source().outOfUse().map(Obstacle::outOfUse).or(() -> health.obstacle(model));
        }

        boolean isUsable(Optional<String> model) {
            return obstacle(model).isEmpty();
        }

        /** Whether a check of the credential may run now, at most once a minute; true means that the check has begun. */
        synchronized boolean beginCheck() {
            long now = nanoTime.getAsLong();
            if (checked && now - checkedAt < CHECK_PAUSE) {
                return false;
            }
            checked = true;
            checkedAt = now;
            return true;
        }

        CredentialState state() {
            var obstacle = obstacle(Optional.empty());
            return new CredentialState(
                    source().name(),
                    source().kind(),
                    obstacle.isEmpty(),
                    obstacle.map(Obstacle::words),
                    obstacle.flatMap(Obstacle::timeLeft),
                    health.heldModels(),
                    health.breakerOpen(),
                    Optional.ofNullable(reported).flatMap(RateLimitFields::quota));
        }
    }

    /**
     * Refuses what the credential for a request cannot or may not do, after all other rules of access. A client's own credential
     * may do everything. Thread-safe.
     *
     * @param refusesThreads whether no request with a thread passes, setting {@code threads}
     */
    public record CredentialGate(boolean refusesThreads, CredentialPool pool) implements Gate {
        @Override
        public Verdict ask(Inquiry inquiry) {
            return inquiry.noCredential()
                    .or(() -> web(inquiry))
                    .or(() -> thread(inquiry))
                    .<Verdict>map(Verdict::refused)
                    .orElseGet(Verdict::granted);
        }

        /** Use of the web needs the right {@code web}. A translated request of OpenAI's dialect may have URLs of images, and no such tools. */
        private static Optional<ErrorReply> web(Inquiry inquiry) {
            boolean usesWeb = inquiry.call().route().runsModel()
                    && inquiry.costs().prompt().usesWeb();
            return usesWeb && !inquiry.ownCredential() && !inquiry.client().has(Right.WEB)
                    ? Optional.of(inquiry.client().refusalWithout(Right.WEB))
                    : Optional.empty();
        }

        /**
         * A thread has to be known as the client's, and its credential usable now: another one belongs to an organization that
         * does not have it. Clients then send the conversation as a whole. With the right {@code workspace}, what is not known
         * passes, and holds the longest prompt. With a client's own credential, only the setting counts.
         */
        private Optional<ErrorReply> thread(Inquiry inquiry) {
            var thread = inquiry.costs().thread();
            if (thread.isEmpty()) {
                return Optional.empty();
            }
            if (refusesThreads) {
                return unsupported("This gateway does not serve message threads.");
            }
            if (inquiry.ownCredential() || !thread.get().continues()) {
                return Optional.empty();
            }
            var keeper = thread.get().keeper();
            if (keeper.isEmpty()) {
                return inquiry.client().has(Right.WORKSPACE)
                        ? Optional.empty()
                        : unsupported("This thread is not known to this gateway. Send the whole conversation.");
            }
            return pool.serves(keeper.get(), inquiry.model())
                    ? Optional.empty()
                    : unsupported("This thread cannot be continued now. Send the whole conversation.");
        }

        private static Optional<ErrorReply> unsupported(String message) {
            return Optional.of(ErrorReply.invalidRequest(message).withErrorCode("thread_unsupported_request"));
        }
    }
}
