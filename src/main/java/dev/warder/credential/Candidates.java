package dev.warder.credential;

import dev.warder.http.ErrorReply;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The way of one request through the pool: each credential is tried at most once. Thread-safe. */
public final class Candidates {
    private final List<Member> members;
    private final Function<List<Member>, Member> order;
    private final Session session;
    private final Set<Member> used = ConcurrentHashMap.newKeySet();

    /**
     * @param members in the configured order
     * @param order takes one of those that may be used
     */
    Candidates(List<Member> members, Function<List<Member>, Member> order, Session session) {
        this.members = members;
        this.order = order;
        this.session = session;
    }

    /**
     * The next credential that may be used now and was not tried with this request; empty when there is none. The one
     * that its session uses comes first.
     */
    public Optional<Try> next() {
        var lost = new HashSet<Member>();
        while (true) {
            var usable = usable().filter(member -> !lost.contains(member)).toList();
            if (usable.isEmpty()) {
                return Optional.empty();
            }
            var chosen = choose(usable);
            var use = begin(chosen);
            if (use.isPresent()) {
                return use;
            }
            // Another request was faster to take its probe, or another thread to take it for this request.
            lost.add(chosen);
        }
    }

    /** Whether {@link #next} would bring one now. Changes nothing. */
    public boolean hasNext() {
        return usable().findAny().isPresent();
    }

    /**
     * What is answered when the first {@link #next} was empty, so that nothing was sent: 429 when the upstream grants all
     * of them no more, 502 when it refused them or they are out of use, else 503.
     */
    public ErrorReply refusal() {
        return Refusal.of(members);
    }

    private Stream<Member> usable() {
        return members.stream().filter(member -> !used.contains(member)).filter(Member::isUsable);
    }

    private Member choose(List<Member> usable) {
        return session.place().filter(usable::contains).orElseGet(() -> {
            var chosen = order.apply(usable);
            var placed = session.placeOr(chosen);
            return usable.contains(placed) ? placed : chosen;
        });
    }

    private Optional<Try> begin(Member member) {
        if (!used.add(member)) {
            return Optional.empty();
        }
        var begun = member.health().begin();
        if (begun.isEmpty()) {
            used.remove(member);
            return Optional.empty();
        }
        var from = session.placeOr(member);
        return Optional.of(new Try(member.source(), outcome -> ended(member, begun.getAsLong(), from, outcome)));
    }

    private void ended(Member member, long begun, Member from, Outcome outcome) {
        member.health().ended(begun, outcome);
        if (outcome instanceof Outcome.Answered answered && answered.status() / 100 == 2) {
            session.move(from, member);
        }
    }
}
