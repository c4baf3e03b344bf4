package dev.warder.quota.budget.simulation;

import dev.warder.auth.Client;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Meter;
import dev.warder.gate.Verdict;
import dev.warder.http.Call;
import dev.warder.http.Field;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.ledger.Rows;
import dev.warder.ledger.lease.Charge;
import dev.warder.ledger.lease.LeaseStore;
import dev.warder.ledger.store.HoldLog;
import dev.warder.policy.Policy;
import dev.warder.quota.budget.BoundStore;
import dev.warder.quota.budget.BudgetSettings;
import dev.warder.quota.budget.Budgets;
import dev.warder.quota.budget.KeptBound;
import dev.warder.quota.budget.Surroundings;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PromptTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One node of Warder: the budgets of the product, and instead of its ledger a consumer of what each request has cost. One
 * thread at a time.
 */
final class WarderNode implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);

    /** A quarter of a gigabyte. */
    private static final String FIELD_OF_SESSION = "x-claude-code-session-id";

    private final VirtualClock clock;
    private final Policy policy;
    private final Consumer<Charge> ledger;
    private final Budgets budgets;
    private long requests;

    WarderNode(LeaseStore store, VirtualClock clock, Policy policy, Surroundings around, Consumer<Charge> ledger) {
        this.clock = clock;
        this.policy = policy;
        this.ledger = ledger;
        budgets = new Budgets(
                new BudgetSettings(WAIT, Optional.empty(), Map.of(), false, Optional.empty()),
                dev.warder.usage.Rows.shipped(""),
                store,
                new KeepsNothing(),
                () -> policy,
                new AssumedModels(OutputRate.DEFAULT, model -> PromptTokens.LONGEST),
                around);
    }

    void start(String name) {
        budgets.start(name);
    }

    UUID run() {
        return budgets.node().run();
    }

    /** How many requests have cost more than they held. */
    long exceeded() {
        return budgets.counts().exceededHolds();
    }

    void ask(String client, String session, Inquiry.Content content, AgentRequest request, SpendingRule.Answer answer) {
        String id = "req-" + ++requests;
        var inquiry = new Inquiry(
                new Call(id, "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES),
                new Client(client, Set.of(), List.of(), policy.entry(client)),
                false,
                Optional.empty(),
                List.of(new Field(FIELD_OF_SESSION, session)),
                OptionalLong.empty(),
                Optional.of(content));
        var verdict = budgets.gate(HoldLog.NONE).ask(inquiry);
        if (verdict instanceof Verdict.Later later) {
            later.decision().thenAccept(decision -> answer(decision, id, request, answer));
        } else {
            answer((Verdict.Decision) verdict, id, request, answer);
        }
    }

    private void answer(Verdict.Decision decision, String id, AgentRequest request, SpendingRule.Answer answer) {
        if (decision instanceof Verdict.Granted granted) {
            var meter = granted.meter().orElseThrow();
            if (meter.beforeTry().isPresent()) {
                throw new IllegalStateException("a first try needs nothing in addition");
            }
            answer.admitted(new MeteredByWarder(id, request, granted, meter));
        } else {
            answer.refused();
        }
    }

    @Override
    public void close() {
        budgets.close();
    }

    /** What the gateway does with the meter of a request. */
    private final class MeteredByWarder implements SpendingRule.Metered {
        private final String id;
        private final AgentRequest request;
        private final Verdict.Granted granted;
        private final Meter meter;
        private long began;

        MeteredByWarder(String id, AgentRequest request, Verdict.Granted granted, Meter meter) {
            this.id = id;
            this.request = request;
            this.granted = granted;
            this.meter = meter;
            began = clock.now();
        }

        @Override
        public boolean begins() {
            began = clock.now();
            return meter.usage(request.counts(1)).isEmpty();
        }

        @Override
        public boolean goesOn() {
            return meter.tick(clock.now()).isEmpty();
        }

        @Override
        public boolean ended(long generated, boolean complete) {
            boolean whole = complete && meter.usage(request.counts(generated)).isEmpty();
            // A response that was cut has not reported how long it was: the ledger assumes as much as is possible.
            var rate = meter.bounds().orElseThrow().rate();
            long possible = rate.tokens(clock.now() - began, false);
            long nanos = request.cost(complete ? generated : Math.max(generated, possible));
            settle(nanos);
            return whole;
        }

        private void settle(long nanos) {
            var charged = budgets.charged(id).orElseThrow();
            var row = Rows.costing(nanos, true);
            meter.end(Rows.completed(id, row));
            granted.release().ifPresent(Runnable::run);
            charged.periods()
                    .forEach(period -> ledger.accept(
                            new Charge(row.key().tryId(), row.key().part(), charged.run(), period, nanos)));
        }
    }

    /** Nothing was learned before, and nothing is kept. */
    private static final class KeepsNothing implements BoundStore {
        @Override
        public List<KeptBound> read() {
            return List.of();
        }

        @Override
        public void keep(List<KeptBound> bounds) {}

        @Override
        public void removeOld() {}
    }
}
