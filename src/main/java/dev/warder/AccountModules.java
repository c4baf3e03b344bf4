package dev.warder;

import dev.warder.admin.AdminContext;
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
import dev.warder.observe.Metrics;
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
    private final Metrics metrics;
    private final InstantSource clock = InstantSource.system();
    private final Optional<Supplier<Policy>> policy;
    private final Optional<Reconciliation> reconciliation;

    /** Creates the parts and adds them; a part for people that reads the policy is added by {@link #addReaders}. */
    AccountModules(Wiring wiring, Metrics metrics, AssumedModels assumed) {
        this.wiring = wiring;
        modules = wiring.modules();
        this.metrics = metrics;
        var live = wiring.settings().policy().policy();
        policy = live.map(each -> each::current);
        var notifications = notifications();
        var bounds = new Bounds(wiring.settings().prices(), assumed);
        live.ifPresent(any -> addRateLimits(bounds));
        budgets = live.filter(any -> wiring.deployment().database().isPresent())
                .map(each -> budgets(each, bounds, notifications));
        budgets.ifPresent(each -> modules.add("budgets", each::close));
        ledger = Ledger.of(
                wiring.settings().ledger(),
                wiring.settings().database(),
                wiring.deployment().database(),
                wiring.threads(),
                budgets.map(Budgets::charges).orElse(Charged.Lookup.NONE));
        ledger.ifPresent(each -> budgets.ifPresent(enforced -> complete(enforced, each)));
        ledger.ifPresent(this::addLedger);
        reconciliation = wiring.settings().reconcile().map(this::reconciliation);
    }

    /** A receiver of notifications that sends them to the webhook, if one is set. */
    private Consumer<Thresholds.Reached> notifications() {
        var settings = wiring.settings().budgets().webhook();
        if (settings.isEmpty()) {
            return reached -> {};
        }
        var threads = modules.threads("notification");
        var webhook = new Webhook(
                settings.get(),
                wiring.settings().upstream().outbound(),
                threads,
                clock,
                System::nanoTime,
                new SplittableRandom());
        modules.add("notifications of budgets", webhook::start, webhook::close);
        for (var result : Webhook.Result.values()) {
            metrics.observe(MetricName.BUDGET_WEBHOOK, result.word(), () -> webhook.count(result));
        }
        metrics.observe(MetricName.BUDGET_WEBHOOK_WAITING, webhook::waiting);
        return webhook::offer;
    }

    private void addRateLimits(Bounds bounds) {
        var limiting = new RateLimiting(
                wiring.source().<LimitStore>map(DatabaseLimits::new), wiring.threads(), System::nanoTime);
        modules.add("rate limits", limiting::start, limiting::close);
        modules.gate(Modules.Turn.RATE_LIMITS, limiting.gate(bounds, OpenAiRateLimits::of, clock));
        metrics.observe(MetricName.RATE_LIMIT_REFUSED, limiting::refused)
                .observe(MetricName.RATE_LIMIT_DATABASE_AWAY, () -> limiting.isDatabaseAway() ? 1 : 0);
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

    private void complete(Budgets budgets, Ledger ledger) {
        modules.add("the start of budgets", () -> budgets.start(ledger.node()), () -> {});
        modules.gate(Modules.Turn.BUDGETS, budgets.gate(ledger));
        var counts = budgets.counts();
        metrics.observe(MetricName.BUDGET_WAITING, budgets::waiting)
                .observe(MetricName.BUDGET_WAITED, counts.waited()::sum)
                .observe(MetricName.BUDGET_REFUSED, counts.refused()::sum)
                .observe(MetricName.BUDGET_CUT, counts.cut()::sum)
                .observe(MetricName.BUDGET_EXCEEDED, counts.exceeded()::sum)
                .observe(MetricName.BUDGET_DATABASE_AWAY, () -> budgets.isDatabaseAway() ? 1 : 0);
    }

    private void addLedger(Ledger ledger) {
        Runnable start = () -> {
            ledger.start();
            wiring.schedule().timer.every(INTENTS_MILLIS, ledger::tick);
        };
        modules.add("the ledger", start, ledger::close);
        ledger.gate().ifPresent(gate -> modules.gate(Modules.Turn.LEDGER, gate));
        // At once: after a kill, a request would have neither an intent nor rows.
        modules.observersAtOnce.add(ledger);
        metrics.observe(MetricName.LEDGER_INTENTS_OPEN, ledger::openIntents)
                .observe(MetricName.LEDGER_ROWS_STORED, ledger::storedRows)
                .observe(MetricName.LEDGER_ROWS_LOST, ledger::lostRows)
                .observe(MetricName.LEDGER_FILES_UNREADABLE, ledger::unreadableFiles)
                .observe(MetricName.LEDGER_FILES_UNFORCED, ledger::unforcedFiles)
                .observe(MetricName.LEDGER_WITHOUT_INTENT, ledger::withoutIntent);
    }

    private Reconciliation reconciliation(ReconcileSettings settings) {
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
        modules.add("reconciliation", reconciliation::start, reconciliation::close);
        Supplier<Reconciliation.ReconciliationStatus> status = reconciliation::status;
        metrics.observe(MetricName.RECONCILIATION_OPEN_DAYS, () -> status.get().openDays())
                .observe(
                        MetricName.RECONCILIATION_DIFFERENCE, () -> status.get().unexplainedNanos() / NANOS)
                .observe(MetricName.RECONCILIATION_DIFFERENCE_TOKENS, () -> status.get()
                        .unexplainedTokens())
                .observe(MetricName.RECONCILIATION_FAILURES, () -> status.get().failures());
        return reconciliation;
    }

    /**
     * Adds the readers of the policy and the database for people. Each has connections of its own, so that no lease waits for
     * a report.
     */
    AdminContext.Account addReaders() {
        var threads = wiring.threads();
        var ownUsage =
                policy.flatMap(current -> wiring.source().map(source -> new OwnUsage(current, source, threads, clock)));
        ownUsage.ifPresent(each -> modules.add("pages of clients", each::close));
        var reports = budgets.map(each -> new BudgetReports(
                policy.orElseThrow(), each::node, wiring.source().orElseThrow(), threads, clock, System::nanoTime));
        reports.ifPresent(each -> modules.add("reports of budgets", each::close));
        return new AdminContext.Account(
                ledger,
                reports,
                reconciliation,
                ownUsage,
                new Reports(
                        ledger.map(Ledger::groups), wiring.settings().prices().book(), clock, System::nanoTime),
                new SpendLimits(policy, wiring.source().map(PeriodReader::new), clock),
                new RateLimitLists(policy));
    }
}
