package dev.warder;

import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.RateLimitLists;
import dev.warder.adminapi.Reports;
import dev.warder.adminapi.SpendLimits;
import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.ledger.store.PeriodReader;
import dev.warder.observe.MetricName;
import dev.warder.openai.shared.OpenAiRateLimits;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.quota.Bounds;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.quota.BudgetReports;
import dev.warder.quota.Budgets;
import dev.warder.quota.Budgets.Surroundings;
import dev.warder.quota.DatabaseLimits;
import dev.warder.quota.LimitStore;
import dev.warder.quota.RateLimiting;
import dev.warder.quota.Thresholds;
import dev.warder.quota.Webhook;
import dev.warder.reconcile.ReconcileSettings;
import dev.warder.reconcile.Reconciliation;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The parts that know how much each client may use, what it has used, and what that cost. */
final class AccountModules {
    private static final double NANOS = 1e9;
    /** Bodies of requests that wait for a budget may use this part of the memory. */
    private static final long WAITING_PARTS = 4;

    private static final long INTENTS_MILLIS = 100;

    final Optional<Budgets> budgets;
    final Optional<Ledger> ledger;

    private final Wiring wiring;
    private final Modules modules;
    private final InstantSource clock = InstantSource.system();
    private final Optional<Supplier<Policy>> policy;

    /** Creates the parts and adds them; a part for people that reads the policy is added by {@link #addReaders}. */
    AccountModules(Wiring wiring, AssumedModels assumed) {
        this.wiring = wiring;
        modules = wiring.modules();
        var live = wiring.settings().policy().policy();
        policy = live.map(each -> each::current);
        var notifications = notifications();
        var bounds = new Bounds(wiring.settings().prices(), assumed);
        live.ifPresent(any -> addRateLimits(bounds));
        budgets = live.filter(any -> wiring.deployment().database().isPresent())
                .map(each -> budgets(each, bounds, notifications));
        var budgeting = Module.named("budgets");
        budgets.ifPresent(each -> modules.add(budgeting.stops(each::close)));
        ledger = Ledger.of(
                wiring.settings().ledger(),
                wiring.settings().database(),
                wiring.deployment().database(),
                wiring.threads(),
                budgets.map(Budgets::charges).orElse(Charged.Lookup.NONE));
        ledger.ifPresent(each -> budgets.ifPresent(enforced -> complete(budgeting, enforced, each)));
        ledger.ifPresent(this::addLedger);
        wiring.settings().reconcile().ifPresent(this::addReconciliation);
        var reports = new Reports(
                ledger.map(Ledger::groups), wiring.settings().prices().book(), clock, System::nanoTime);
        modules.add(Module.named("reports of usage and cost").offers(Reports.class, reports));
    }

    /** A receiver of notifications that sends them to the webhook, if one is set. */
    private Consumer<Thresholds.Reached> notifications() {
        var settings = wiring.settings().budgets().webhook();
        if (settings.isEmpty()) {
            return reached -> {};
        }
        var threads = modules.threads("notification", Wiring.THREAD_END_MILLIS);
        var webhook = new Webhook(
                settings.get(),
                wiring.settings().upstream().outbound(),
                threads,
                clock,
                System::nanoTime,
                new SplittableRandom());
        modules.add(Module.named("notifications of budgets")
                .starts(webhook::start)
                .stops(webhook::close)
                .gauges(metrics -> {
                    for (var result : Webhook.Result.values()) {
                        metrics.observe(MetricName.BUDGET_WEBHOOK, result.word(), () -> webhook.count(result));
                    }
                    metrics.observe(MetricName.BUDGET_WEBHOOK_WAITING, webhook::waiting);
                }));
        return webhook::offer;
    }

    private void addRateLimits(Bounds bounds) {
        var limiting = new RateLimiting(
                wiring.source().<LimitStore>map(DatabaseLimits::new), wiring.threads(), System::nanoTime);
        modules.add(Module.named("rate limits")
                .starts(limiting::start)
                .stops(limiting::close)
                .gate(Module.Turn.RATE_LIMITS, limiting.gate(bounds, OpenAiRateLimits::of, clock))
                .gauges(metrics -> metrics.observe(MetricName.RATE_LIMIT_REFUSED, limiting::refused)
                        .observe(MetricName.RATE_LIMIT_DATABASE_AWAY, () -> limiting.isDatabaseAway() ? 1 : 0)));
    }

    private Budgets budgets(LivePolicy live, Bounds bounds, Consumer<Thresholds.Reached> notifications) {
        return new Budgets(
                wiring.settings().budgets(),
                bounds,
                new DatabaseLeases(wiring.source().orElseThrow()),
                live::current,
                new Surroundings(
                        wiring.threads(),
                        clock,
                        System::nanoTime,
                        wiring.settings().proxy().limits().memory() / WAITING_PARTS,
                        notifications));
    }

    private static void complete(Module module, Budgets budgets, Ledger ledger) {
        module.starts(() -> budgets.start(ledger.node()))
                .gate(Module.Turn.BUDGETS, budgets.gate(ledger))
                .gauges(metrics -> metrics.observe(MetricName.BUDGET_WAITING, budgets::waiting)
                        .observe(MetricName.BUDGET_WAITED, budgets.counts().waited()::sum)
                        .observe(MetricName.BUDGET_REFUSED, budgets.counts().refused()::sum)
                        .observe(MetricName.BUDGET_CUT, budgets.counts().cut()::sum)
                        .observe(MetricName.BUDGET_EXCEEDED, budgets.counts().exceeded()::sum)
                        .observe(
                                MetricName.BUDGET_DATABASE_CLOCK_JUMPS,
                                budgets.counts().clockJumps()::sum)
                        .observe(MetricName.BUDGET_DATABASE_AWAY, () -> budgets.isDatabaseAway() ? 1 : 0));
    }

    private void addLedger(Ledger ledger) {
        var module = Module.named("the ledger")
                .starts(() -> {
                    ledger.start();
                    wiring.schedule().timer.every(INTENTS_MILLIS, ledger::tick);
                })
                .stops(ledger::close)
                // At once: after a kill, a request would have neither an intent nor rows.
                .observerAtOnce(ledger)
                .gauges(metrics -> metrics.observe(MetricName.LEDGER_INTENTS_OPEN, ledger::openIntents)
                        .observe(MetricName.LEDGER_ROWS_STORED, ledger::storedRows)
                        .observe(MetricName.LEDGER_ROWS_LOST, ledger::lostRows)
                        .observe(MetricName.LEDGER_FILES_UNREADABLE, ledger::unreadableFiles)
                        .observe(MetricName.LEDGER_FILES_UNFORCED, ledger::unforcedFiles)
                        .observe(MetricName.LEDGER_WITHOUT_INTENT, ledger::withoutIntent))
                .offers(Ledger.class, ledger);
        modules.add(module);
        ledger.gate().ifPresent(gate -> module.gate(Module.Turn.LEDGER, gate));
    }

    private void addReconciliation(ReconcileSettings settings) {
        var source = wiring.source()
                .orElseThrow(() -> new ConfigException(List.of(Setting.RECONCILE_KEY.publicName()
                        + ": needs a database: bind jdbc/warder, or with java -jar set data.dir or database.url")));
        var reconciliation = new Reconciliation(
                settings,
                source,
                // Another one, since an administrator does not wait for a comparison.
                wiring.source().orElseThrow(),
                wiring.settings().ledger().retention(),
                wiring.settings().upstream().outbound(),
                wiring.threads(),
                clock);
        modules.add(Module.named("reconciliation")
                .starts(reconciliation::start)
                .stops(reconciliation::close)
                .gauges(metrics -> metrics.observe(
                                MetricName.RECONCILIATION_OPEN_DAYS,
                                () -> reconciliation.status().openDays())
                        .observe(
                                MetricName.RECONCILIATION_DIFFERENCE,
                                () -> reconciliation.status().unexplainedNanos() / NANOS)
                        .observe(
                                MetricName.RECONCILIATION_DIFFERENCE_TOKENS,
                                () -> reconciliation.status().unexplainedTokens())
                        .observe(
                                MetricName.RECONCILIATION_FAILURES,
                                () -> reconciliation.status().failures()))
                .offers(Reconciliation.class, reconciliation));
    }

    /**
     * Adds the readers of the policy and the database for people. Each has connections of its own, so that no lease waits for
     * a report.
     */
    void addReaders() {
        var threads = wiring.threads();
        policy.flatMap(current -> wiring.source().map(source -> new OwnUsage(current, source, threads, clock)))
                .ifPresent(each -> modules.add(
                        Module.named("pages of clients").stops(each::close).offers(OwnUsage.class, each)));
        var limits = new SpendLimits(policy, wiring.source().map(PeriodReader::new), clock);
        modules.add(Module.named("reports of spend limits")
                .offers(SpendLimits.class, limits)
                .offers(RateLimitLists.class, new RateLimitLists(policy)));
        budgets.map(each -> new BudgetReports(
                        policy.orElseThrow(),
                        each::node,
                        wiring.source().orElseThrow(),
                        threads,
                        clock,
                        System::nanoTime))
                .ifPresent(each -> modules.add(
                        Module.named("reports of budgets").stops(each::close).offers(BudgetReports.class, each)));
    }
}
