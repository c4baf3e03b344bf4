package dev.warder.quota;

import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.policy.Policy;
import dev.warder.policy.RateLimits;
import dev.warder.quota.Limit.Need;
import dev.warder.quota.WaitingLine.Turn;
import dev.warder.usage.UsageBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Refuses what exceeds the rate limits of {@code policy.file}. Like budgets, they limit requests with a credential of the
 * operator. Thread-safe.
 */
record RateLimitGate(RateLimiting limiting, Bounds bounds, LimitFields fields) implements Gate {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Override
    public Duration maxWait() {
        return LONGEST;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        var entry = inquiry.client().entry();
        if (inquiry.ownCredential() || entry.isEmpty()) {
            return Verdict.granted();
        }
        boolean read = inquiry.content().isPresent() && inquiry.call().runsModel();
        var unread = read || !entry.get().limitsNeedContent()
                ? Optional.<ErrorReply>empty()
                : inquiry.refusalIfUnread("a rate limit");
        if (unread.isPresent()) {
            return Verdict.refused(unread.get());
        }
        boolean runsModel = inquiry.call().runsModel() || inquiry.mayRunModelUnread();
        var needs = needs(inquiry, entry.get(), runsModel);
        return needs.isEmpty() ? Verdict.granted() : admit(inquiry, needs);
    }

    private List<Need> needs(Inquiry inquiry, Policy.Entry entry, boolean runsModel) {
        var models = new ArrayList<>(inquiry.costs().others().names());
        inquiry.model().ifPresent(models::add);
        var limits = entry.limits(models);
        if (limits.isEmpty()) {
            return List.of();
        }
        var needs = new ArrayList<Need>(limits.size() * Limit.Kind.values().length);
        long input = runsModel ? input(inquiry, limits) : 0;
        long output = runsModel ? firstOutput(inquiry) : 0;
        for (var each : limits) {
            var its = each.limits();
            var owned = new Owned(
                    new Limit.Owner(each.scope(), each.owner()), entry.version(), each::countsModel, needs::add);
            if (runsModel) {
                owned.need(Limit.Kind.REQUESTS, its.requests(), 1);
                owned.need(Limit.Kind.INPUT_TOKENS, its.inputTokens(), input);
                owned.need(Limit.Kind.OUTPUT_TOKENS, its.outputTokens(), output);
                owned.need(Limit.Kind.CONCURRENT, its.concurrent(), 1);
            } else {
                owned.need(Limit.Kind.OTHER_REQUESTS, its.requests(), 1);
            }
        }
        return needs;
    }

    /** The limits of one owner, and where what a request needs of them is collected. */
    private record Owned(Limit.Owner owner, long version, Predicate<String> models, Consumer<Need> needs) {
        void need(Limit.Kind kind, OptionalLong size, long amount) {
            size.ifPresent(most ->
                    needs.accept(new Need(new Limit.Key(owner, kind), version, most, Math.min(amount, most), models)));
        }
    }

    private long input(Inquiry inquiry, List<RateLimits.Owned> limits) {
        long bytes = inquiry.content().map(Inquiry.Content::length).orElse(0L);
        long most = UsageBounds.prompt(inquiry.costs().prompt(), bytes, UsageBounds.FEW, bounds.longestPrompt(inquiry));
        for (var each : limits) {
            most = Math.min(most, each.limits().inputTokens().orElse(most));
        }
        return most;
    }

    private long firstOutput(Inquiry inquiry) {
        long most = inquiry.maxTokens().orElse(Long.MAX_VALUE);
        long usual =
                bounds.usualOutput(inquiry.model().orElse(""), inquiry.costs().fast(), RateLimitMeter.AHEAD_NANOS);
        return Math.max(1, Math.min(most, usual));
    }

    private Verdict admit(Inquiry inquiry, List<Need> needs) {
        // Such waits are too short for a limit of memory.
        var turn = new Turn(inquiry.client().name(), inquiry.sessionId().orElse(""), 0);
        var admission = limiting.limits().admit(turn, needs);
        if (admission instanceof Admission.Waits waits) {
            limiting.ask();
            var waiter = waits.waiter();
            return new Verdict.Later(
                    waiter.decision.thenApply(decided -> decision(inquiry, decided)),
                    () -> limiting.limits().withdraw(waiter));
        }
        return decision(inquiry, admission);
    }

    private Verdict.Decision decision(Inquiry inquiry, Admission admission) {
        if (admission instanceof Admission.Admitted admitted) {
            var hold = admitted.hold();
            var meter = new RateLimitMeter(limiting.limits(), hold, fields, bounds, inquiry);
            return new Verdict.Granted(Optional.of(() -> limiting.limits().giveBack(hold)), Optional.of(meter));
        }
        limiting.refused.increment();
        if (!(admission instanceof Admission.Exhausted exhausted)) {
            throw new IllegalArgumentException("a decision is final");
        }
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(exhausted.nanos() - 1) + 1);
        String message = "This request would exceed " + exhausted.key().words() + ".";
        var refusal = ErrorReply.rateLimited(message, (int) Math.min(seconds, Integer.MAX_VALUE));
        var states = limiting.limits().states(exhausted.hold());
        return Verdict.refused(refusal.with(fields.of(states, inquiry.dialect())));
    }
}
