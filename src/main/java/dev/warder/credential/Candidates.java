package dev.warder.credential;

import dev.warder.http.ErrorReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The way of one request through the pool: each credential is tried at most once. Thread-safe. */
public final class Candidates {
    private final List<Member> members;
    private final Function<List<Member>, Member> order;
    private final Session session;

    /** Nearly always one, kept as long as a stream goes on: a list is a third of a set. */
    private final CopyOnWriteArrayList<Member> used = new CopyOnWriteArrayList<>();

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
        var lost = new ArrayList<Member>(0);
        while (true) {
            var usable = usable();
            usable.removeAll(lost);
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
        return !usable().isEmpty();
    }

    /**
     * What is answered when the first {@link #next} was empty, so that nothing was sent: 429 when the upstream grants all
     * of them no more, 502 when it refused them or they are out of use, else 503.
     */
    public ErrorReply refusal() {
        return Refusal.of(members);
    }

    private List<Member> usable() {
        var usable = new ArrayList<Member>(members.size());
        for (Member member : members) {
            if (!used.contains(member) && member.isUsable()) {
                usable.add(member);
            }
        }
        return usable;
    }

    private Member choose(List<Member> usable) {
        return session.place().filter(usable::contains).orElseGet(() -> {
            var chosen = order.apply(usable);
            var placed = session.placeOr(chosen);
            return usable.contains(placed) ? placed : chosen;
        });
    }

    private Optional<Try> begin(Member member) {
        if (!used.addIfAbsent(member)) {
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
