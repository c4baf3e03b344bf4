package dev.warder.quota;

import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.ledger.store.HoldLog;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.policy.LivePolicy;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.quota.Budgets.Surroundings;
import dev.warder.usage.OutputRate;
import dev.warder.usage.Rows;
import dev.warder.usage.UsageBounds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The budgets of the node {@code node}, with the shipped prices and a policy, and a clock that the test sets forward. */
final class StartedBudgets implements AutoCloseable {
    /** Each accepts the longest prompt of all. */
    static final AssumedModels MODELS = new AssumedModels(OutputRate.DEFAULT, model -> UsageBounds.LONGEST);

    private static final long MEMORY_OF_LINE = 1_000_000;

    final LivePolicy policy = new LivePolicy(Optional.empty());

    private final LongSupplier clock;
    private final AtomicLong passed = new AtomicLong();
    private Optional<Budgets> started = Optional.empty();

    /** @param clock in nanoseconds; its time passes too */
    StartedBudgets(LongSupplier clock) {
        this.clock = clock;
    }

    void start(LeaseStore leases, Duration wait, AssumedModels models) {
        close();
        var budgets = new Budgets(
                new BudgetSettings(wait, Optional.empty(), Map.of(), false, Optional.empty()),
                new Bounds(Rows.shipped(""), models),
                leases,
                policy::current,
                new Surroundings(Thread::new, InstantSource.system(), this::now, MEMORY_OF_LINE, reached -> {}));
        budgets.start("node");
        started = Optional.of(budgets);
    }

    @Override
    public void close() {
        started.ifPresent(Budgets::close);
    }

    Budgets budgets() {
        return started.orElseThrow();
    }

    Account.View view() {
        return budgets().accounts.views().get(0);
    }

    long now() {
        return clock.getAsLong() + passed.get();
    }

    void pass(long nanos) {
        passed.addAndGet(nanos);
    }

    /** A version of the policy whose only client has these budgets. */
    void adaMay(int version, String budgets) throws Exception {
        write(version, "\"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"budgets\": [" + budgets + "]}]");
    }

    void write(int version, String members) throws Exception {
        policy.accept(("{\"version\": " + version + ", " + members + "}").getBytes(StandardCharsets.UTF_8));
    }

    /** The decision about a request, once the database was reached. */
    Verdict decision(Inquiry inquiry, HoldLog log) throws Exception {
        var verdict = decided(inquiry, log);
        while (verdict instanceof Verdict.Refused refused && refused.reply().status() == 503) {
            TimeUnit.MILLISECONDS.sleep(5);
            verdict = decided(inquiry, log);
        }
        return verdict;
    }

    private Verdict decided(Inquiry inquiry, HoldLog log) throws Exception {
        var verdict = budgets().gate(log).ask(inquiry);
        return verdict instanceof Verdict.Later later
                ? later.decision().toCompletableFuture().get()
                : verdict;
    }
}
