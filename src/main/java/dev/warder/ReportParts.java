package dev.warder;

import dev.warder.ShutdownOrder.Step;
import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.RateLimitLists;
import dev.warder.adminapi.SpendLimits;
import dev.warder.database.LimitedSource;
import dev.warder.ledger.lease.PeriodReader;
import dev.warder.policy.Policy;
import dev.warder.quota.budget.BudgetReports;
import dev.warder.quota.budget.Budgets;
import dev.warder.settings.GatewaySettings;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Readers of the policy and the database for people. Each part has connections of its own, so that no lease waits for a
 * report.
 */
final class ReportParts {
    /** Empty without a policy or a database. */
    final Optional<BudgetReports> budgets;

    final SpendLimits spendLimits;

    /** Empty without a policy or a database. */
    final Optional<OwnUsage> ownUsage;

    final RateLimitLists rateLimits;

    private final Optional<DataSource> database;
    private final ThreadFactory threads;

    /**
     * Opens no connection yet.
     *
     * @param shutdown gets what closes the parts
     */
    ReportParts(
            GatewaySettings settings,
            Optional<DataSource> database,
            Optional<Budgets> enforced,
            ThreadFactory threads,
            ShutdownOrder shutdown) {
        this.database = database;
        this.threads = threads;
        Optional<Supplier<Policy>> policy = settings.policy().policy().map(live -> live::current);
        var clock = InstantSource.system();
        budgets = policy.flatMap(current -> enforced.flatMap(each -> source().map(
                        source -> new BudgetReports(current, each::node, source, threads, clock, System::nanoTime))));
        budgets.ifPresent(each -> shutdown.add(Step.BUDGET_REPORTS, each::close));
        spendLimits = new SpendLimits(policy, source().map(PeriodReader::new), threads, clock);
        shutdown.add(Step.SPEND_LIMITS, spendLimits::close);
        ownUsage = policy.flatMap(current -> source().map(source -> new OwnUsage(current, source, threads, clock)));
        ownUsage.ifPresent(each -> shutdown.add(Step.OWN_USAGE, each::close));
        rateLimits = new RateLimitLists(policy);
    }

    private Optional<DataSource> source() {
        return database.map(source -> new LimitedSource(source, threads));
    }
}
