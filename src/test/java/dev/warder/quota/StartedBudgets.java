package dev.warder.quota;

import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.ledger.lease.LeaseStore;
import dev.warder.policy.LivePolicy;
import dev.warder.testkit.H2Memory;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PromptTokens;
import dev.warder.usage.Rows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Starts the budgets of the node {@code node}, with the shipped prices. */
final class StartedBudgets {
    /** Each accepts the longest prompt of all. */
    static final AssumedModels MODELS = new AssumedModels(OutputRate.DEFAULT, model -> PromptTokens.LONGEST);

    private static final long MEMORY_OF_LINE = 1_000_000;

    private StartedBudgets() {}

    static Budgets of(H2Memory h2, LivePolicy policy, AssumedModels models, LongSupplier nanoTime) {
        return of(new DatabaseLeases(h2.database()), settings(), policy, models, nanoTime);
    }

    static Budgets of(
            LeaseStore leases,
            BudgetSettings settings,
            LivePolicy policy,
            AssumedModels models,
            LongSupplier nanoTime) {
        var budgets = new Budgets(
                settings,
                new Bounds(Rows.shipped(""), models),
                leases,
                policy::current,
                new Surroundings(Thread::new, InstantSource.system(), nanoTime, MEMORY_OF_LINE, reached -> {}));
        budgets.start("node");
        return budgets;
    }

    /** A request waits for at most a minute. */
    static BudgetSettings settings() {
        return new BudgetSettings(Duration.ofSeconds(60), Optional.empty(), Map.of(), false, Optional.empty());
    }
}
