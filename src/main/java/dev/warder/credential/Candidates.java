package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.Inquiry;
import dev.warder.credential.CredentialPool.Member;
import dev.warder.credential.CredentialPool.Session;
import dev.warder.credential.Health.Obstacle;
import dev.warder.http.ErrorReply;
import dev.warder.json.MemberPaths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of the pool that one request may use; it tries each at most once. A failure that the request itself
 * may have caused counts against a credential only after another one does better. Thread-safe.
 */
public final class Candidates {
    private final CredentialPool pool;
    private final List<Member> members;
    private final Session session;
    private final boolean judged;
    private final boolean repeatable;
    private final Optional<String> model;

    /** Nearly always one member, kept until the end of a stream; a list takes a third of the memory of a set. */
    private final CopyOnWriteArrayList<Member> used = new CopyOnWriteArrayList<>();

    /**
     * The failed uses of this request. They count against their credentials after another credential does better with it, and
     * are forgotten when the request is over (rule "Proof before blame").
     */
    @GuardedBy("this")
    private List<Failure> unproven = List.of();

    @GuardedBy("this")
    private boolean over;

    /** Why the first upstream that does not serve the request does not; written before {@link #next}. */
    private @Nullable ErrorReply unserved;

    /**
     * @param members those of the pool whose upstreams serve the request, in the configured order
     * @param judged whether responses to this request are evidence about its credentials
     * @param repeatable whether the request can be sent more than once
     * @param model the model that the request names; empty when unknown
     */
    Candidates(
            CredentialPool pool,
            List<Member> members,
            Session session,
            boolean judged,
            boolean repeatable,
            Optional<String> model) {
        this.pool = pool;
        this.members = members;
        this.session = session;
        this.judged = judged;
        this.repeatable = repeatable;
        this.model = model;
    }

    /**
     * The same candidates, after more is known of the request. Callers call this before {@link #next}.
     *
     * @param judged whether responses to it are evidence about its credentials, as for messages and token counts
     * @param repeatable whether it can be sent more than once
     * @param model the model that it names; empty when unknown
     */
    public Candidates of(boolean judged, boolean repeatable, Optional<String> model) {
        return new Candidates(pool, members, session, judged, repeatable, model);
    }

    /**
     * The same candidates for a request of a session, whose requests stay with one credential. Callers call this before {@link
     * #next}.
     *
     * @param name the caller's name for it; ignored unless it is 1 to 200 visible ASCII characters
     */
    public Candidates inSession(Optional<String> name) {
        return pool.members.size() > 1 && name.filter(Session::isName).isPresent()
                ? new Candidates(pool, members, new Session(session.client(), name.get()), judged, repeatable, model)
                : this;
    }

    /** Leaves out the credentials of upstreams that do not serve the request. Callers call this after the others, before {@link #next}. */
    public Candidates serving(Inquiry request) {
        var serving = this;
        for (var member : members) {
            var refusal = member.entry.upstream().refusal(request);
            if (refusal.isPresent()) {
                serving = serving.without(member, refusal.get());
            }
        }
        return serving;
    }

    private Candidates without(Member member, ErrorReply refusal) {
        var left = members.stream().filter(each -> each != member).toList();
        var others = new Candidates(pool, left, session, judged, repeatable, model);
        others.unserved = unserved == null ? refusal : unserved;
        return others;
    }

    /** The members of bodies that an upstream of the pool asks for; empty where none does. */
    public Optional<MemberPaths> paths() {
        return pool.paths;
    }

    /** Leaves out all but the credential of this name: no other has what the request refers to. Callers call this before {@link #next}. */
    public Candidates only(Optional<String> name) {
        if (name.isEmpty()) {
            return this;
        }
        var named = members.stream()
                .filter(member -> member.source().name().equals(name.get()))
                .toList();
        return new Candidates(pool, named, session, judged, repeatable, model);
    }

    public boolean judged() {
        return judged;
    }

    /**
     * The next credential that may be used now and was not tried with this request; empty when there is none. The
     * credential of the request's session comes first.
     */
    public Optional<Use> next() {
        var lost = new ArrayList<Member>(0);
        while (true) {
            var usable = usable();
            usable.removeAll(lost);
            if (usable.isEmpty()) {
                return Optional.empty();
            }
            var chosen = pool.choose(usable, session);
            var use = begin(chosen);
            if (use.isPresent()) {
                return use;
            }
            // Another request took its probe first, or another thread took it for this request.
            lost.add(chosen);
        }
    }

    public boolean hasNext() {
        return !usable().isEmpty();
    }

    /**
     * Whether it counts for other requests what exactly a limit concerns: the model that this one names, or the whole credential
     * among others.
     */
    public boolean distinguishesLimits() {
        return judged && model.isPresent() && pool.members.size() > 1;
    }

    public synchronized boolean hasUnproven() {
        return !unproven.isEmpty();
    }

    /** Reports that no better response will come for this request: unproven failures do not count. */
    public void over() {
        takeUnproven(true).forEach(each -> each.end(new Outcome.Unknown()));
    }

    /**
     * The response when the first {@link #next} was empty, so that nothing was sent. The status is 429 when the
     * upstream limits all credentials, 502 when it refused them or they are out of use, and 503 otherwise. Where no upstream
     * serves the request it is the refusal of the first.
     */
    public ErrorReply refusal() {
        if (members.isEmpty() && unserved != null) {
            return unserved;
        }
        var found = members.stream().map(member -> member.obstacle(model)).toList();
        var passing = found.stream()
                .flatMap(Optional::stream)
                .filter(obstacle -> obstacle.reason() != Obstacle.Reason.OUT_OF_USE)
                .toList();
        // A credential that has become usable meanwhile is worth a retry at once.
        boolean allBlocked = found.stream().allMatch(Optional::isPresent);
        if (allBlocked && all(passing, Obstacle.Reason.REFUSED)) {
            return refused();
        }
        int seconds = shortest(passing);
        return allBlocked && all(passing, Obstacle.Reason.LIMITED)
                ? ErrorReply.rateLimited("All upstream credentials are rate limited.", seconds)
                : ErrorReply.overloaded("None of the gateway's credentials can be used now.", seconds);
    }

    private ErrorReply refused() {
        String names = members.stream()
                .map(member -> '"' + member.source().name() + '"')
                .collect(Collectors.joining(", "));
        String message = "The gateway's credentials are refused by the upstream or out of use: " + names + ".";
        return ErrorReply.badGateway(message).withoutRetry();
    }

    private static boolean all(List<Obstacle> obstacles, Obstacle.Reason reason) {
        return obstacles.stream().allMatch(obstacle -> obstacle.reason() == reason);
    }

    private static int shortest(List<Obstacle> obstacles) {
        var times = obstacles.stream().flatMap(obstacle -> obstacle.timeLeft().stream());
        return Obstacle.wholeSeconds(times.min(Duration::compareTo).orElse(Duration.ZERO));
    }

    private List<Member> usable() {
        var usable = new ArrayList<Member>(members.size());
        for (Member member : members) {
            if (!used.contains(member) && member.isUsable(model)) {
                usable.add(member);
            }
        }
        return usable;
    }

    private Optional<Use> begin(Member member) {
        if (!used.addIfAbsent(member)) {
            return Optional.empty();
        }
        var health = member.health;
        var begun = judged && repeatable ? health.begin(model) : health.beginWithoutProbe(model);
        if (begun.isEmpty()) {
            used.remove(member);
            return Optional.empty();
        }
        return Optional.of(new Use(member, begun.getAsLong()));
    }

    private void ended(Member member, long begun, Outcome outcome) {
        if (outcome instanceof Outcome.Responded responded) {
            member.responded(responded);
            if (judged) {
                member.health.limit(responded, model);
            }
        }
        if (!judged) {
            member.health.ended(begun, outcome instanceof Outcome.Unavailable ? outcome : new Outcome.Unknown());
        } else if (outcome.needsProof()) {
            keep(new Failure(member.entry.upstream(), member.health, begun, outcome));
        } else {
            member.health.ended(begun, outcome);
            if (outcome.isBetter()) {
                // What one kind of upstream refuses may be what it lacks.
                boolean served = outcome instanceof Outcome.Responded responded && responded.status() / 100 == 2;
                takeUnproven(false)
                        .forEach(each -> each.end(
                                served || each.upstream() == member.entry.upstream()
                                        ? each.outcome()
                                        : new Outcome.Unknown()));
            }
        }
    }

    /** A failed use. */
    private record Failure(Upstream upstream, Health health, long begun, Outcome outcome) {
        void end(Outcome counted) {
            health.ended(begun, counted);
        }
    }

    private void keep(Failure failure) {
        synchronized (this) {
            if (!over) {
                var longer = new ArrayList<>(unproven);
                longer.add(failure);
                unproven = longer;
                return;
            }
        }
        failure.end(new Outcome.Unknown());
    }

    private synchronized List<Failure> takeUnproven(boolean last) {
        over |= last;
        var taken = unproven;
        unproven = List.of();
        return taken;
    }

    /**
     * One use of a managed credential for one request; a renewal of its value after a 401 belongs to the same use. It must
     * be ended; otherwise its probe is never released. Thread-safe.
     */
    public final class Use {
        private final Member member;
        private final long begun;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Use(Member member, long begun) {
            this.member = member;
            this.begun = begun;
        }

        public CredentialSource source() {
            return member.source();
        }

        public Upstream upstream() {
            return member.entry.upstream();
        }

        /** The value for the caller, see {@link CredentialSource#current}. */
        public CompletionStage<UpstreamCredential> current() {
            return source().current(session.client());
        }

        /**
         * Reports the outcome; only the first call counts. Callers do not report a 401 after which they send a renewed
         * value: they report the outcome with the renewed value.
         */
        public void ended(Outcome outcome) {
            if (ended.compareAndSet(false, true)) {
                Candidates.this.ended(member, begun, outcome);
            }
        }

        Member member() {
            return member;
        }
    }
}
