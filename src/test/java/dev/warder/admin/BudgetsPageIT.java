package dev.warder.admin;

import static dev.warder.testkit.Sql.execute;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Period;
import dev.warder.quota.BudgetLine;
import dev.warder.quota.BudgetReport;
import dev.warder.quota.BudgetReport.WaitingRequest;
import dev.warder.quota.BudgetReports;
import dev.warder.quota.Budgets.NodeBudgets;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.H2Memory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of budgets of a company, in Chromium: both colour schemes, two widths, and what axe-core finds. */
@Tag("turn-8")
@Tag("turn-only")
class BudgetsPageIT {
    private static final Instant NOW = Instant.parse("2026-11-22T15:41:20Z");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final UUID OWN = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final String POLICY =
            """
            {"version": 7, "zone": "Europe/Berlin",
             "organization": {"budgets": [{"amount": "20000", "period": "month", "mode": "warn"}]},
             "teams": [
               {"name": "payments", "budgets": [{"amount": "4000", "period": "month"}, {"amount": "400", "period": "day"}]},
               {"name": "search", "budgets": [{"amount": "2500", "period": "month"}]}],
             "clients": [
               {"name": "ada", "kind": "person", "teams": ["payments"], "budgets": [{"amount": "50", "period": "day"}]},
               {"name": "grace", "kind": "person", "teams": ["payments"]},
               {"name": "payments-ci", "kind": "service", "teams": ["payments"],
                "budgets": [{"amount": "900", "period": "month", "on_exhausted": "finish"}]},
               {"name": "linus@example.com", "kind": "person", "teams": ["search"],
                "budgets": [{"amount": "50", "period": "day"}]},
               {"name": "notebook", "kind": "service", "budgets": [{"amount": "5", "period": "hour"}]}],
             "models": [{"name": "claude-opus-*", "budgets": [{"amount": "300", "period": "day", "mode": "shadow"}]}],
             "sessions": {"budgets": [{"amount": "25", "period": "lifetime"}]}}
            """;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private Optional<AdminSite> site = Optional.empty();
    private Optional<BudgetReports> reports = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        policy.accept(POLICY.getBytes(StandardCharsets.UTF_8));
        reports = Optional.of(new BudgetReports(
                policy::current, BudgetsPageIT::node, h2.database(), Thread::new, () -> NOW, System::nanoTime));
        site = Optional.of(
                new AdminSite(URI.create("http://login.example/authorize"), parts -> parts.budgets = reports));
    }

    @AfterEach
    void stop() throws Exception {
        if (site.isPresent()) {
            site.get().stop();
        }
        reports.ifPresent(BudgetReports::close);
    }

    @Test
    void readsWellInBothSchemesAndTwoWidths() throws Exception {
        fill();
        try (var browser = Chromium.startWithScripts()) {
            site.orElseThrow().signIn(browser, "/admin/budgets", "Budgets");
            browser.awaitValue("String(document.getElementById('refresh').parentNode.hidden)", "false");
            AdminSite.look(browser, "budgets");
        }
    }

    private void fill() throws Exception {
        var leases = new DatabaseLeases(h2.database());
        leases.beat(OTHER, "gateway-b");
        for (var budget : policy.current().budgetsByKey().values()) {
            reserve(leases, OWN, budget, 0, Line.NONE);
        }
        spend("organization/month", 13_120_443_210_000L, 0, 0);
        spend("team/payments/month", 3_288_104_500_000L, 0, 41_500_000_000L);
        spend("team/payments/day", 371_090_000_000L, 0, 21_300_000_000L);
        spend("team/search/month", 212_000_000_000L, 0, 0);
        spend("client/ada/day", 44_871_300_000L, 0, 5_080_000_000L);
        spend("client/payments-ci/month", 900_000_000_000L, 12_432_100_000L, 0);
        spend("client/linus@example.com/day", 0, 0, 120_000_000L);
        spend("model/claude-opus-*/day", 128_450_000_000L, 0, 0);
        var ada = Objects.requireNonNull(policy.current().budgetsByKey().get("client/ada/day"));
        reserve(leases, OTHER, ada, 10_000_000L, new Line(520_000_000L, 2300));
        execute(
                h2.database(),
                "UPDATE warder_budget_period SET held_unknown = 12000000000 WHERE budget = 'team/payments/day'");
        addWhatTheNumbersConsistOf();
    }

    private void addWhatTheNumbersConsistOf() throws SQLException {
        execute(
                h2.database(),
                "INSERT INTO warder_lease (run, budget, starts_at, granted, drawn, held_unknown, state, wanted) SELECT '"
                        + UUID.randomUUID() + "', budget, starts_at, leased_differs, 0, unknown_differs, 'live', 0"
                        + " FROM warder_budget_check WHERE leased_differs > 0 OR unknown_differs > 0");
        execute(
                h2.database(),
                "INSERT INTO warder_budget_adjustment (budget, starts_at, reason, nanos, made_at)"
                        + " SELECT budget, starts_at, 'sample', spent_differs, CURRENT_TIMESTAMP"
                        + " FROM warder_budget_check WHERE spent_differs > 0");
    }

    private void spend(String budget, long spent, long overage, long reserved) throws SQLException {
        execute(
                h2.database(),
                "UPDATE warder_budget_period SET spent = " + spent + ", overage = " + overage + ", leased = " + reserved
                        + " WHERE budget = '" + budget + "'");
    }

    private static void reserve(DatabaseLeases leases, UUID run, Budget budget, long nanos, Line line)
            throws Exception {
        var window = budget.terms().windowAt(NOW);
        leases.reserve(
                run,
                List.of(new LeaseRequest(
                        new PeriodKey(budget.key(), window.start()),
                        new LeaseRequest.Terms(
                                window.end(),
                                budget.terms().nanos(),
                                budget.terms().enforces(),
                                7),
                        0,
                        Opening.NONE,
                        nanos,
                        nanos + line.nanos(),
                        line)));
    }

    private static NodeBudgets node() {
        var waiting = List.of(
                new WaitingRequest(
                        "ada",
                        List.of("client/ada/day"),
                        WaitingRequest.Why.RUNNING,
                        312_000_000L,
                        Duration.ofSeconds(21)),
                new WaitingRequest(
                        "payments-ci",
                        List.of("team/payments/day"),
                        WaitingRequest.Why.OTHER_NODES,
                        1_480_500_000L,
                        Duration.ofSeconds(3)));
        var events = List.of(
                event(12, "ada", "client/ada/day", BudgetReport.Event.What.CUT, 1),
                event(40, "payments-ci", "team/payments/day", BudgetReport.Event.What.WAITED, 17),
                event(905, "ada", "client/ada/day", BudgetReport.Event.What.TOO_SMALL, 2));
        return new NodeBudgets(
                OWN,
                List.of(session("0b9d3c1e-6f1c-4d0e-9f1b-2f6f3a9b7c11", 23), session("nightly", 4)),
                waiting,
                2,
                events);
    }

    private static BudgetLine session(String name, long dollars) {
        var terms =
                new Budget.Terms(25_000_000_000L, Period.LIFETIME, ZONE, Budget.Mode.ENFORCE, Budget.OnExhausted.CUT);
        return new BudgetLine(
                new Budget(Budget.Scope.SESSION, "ada/" + name, terms),
                terms.windowAt(NOW),
                Optional.of(new Amounts(25_000_000_000L, dollars * 1_000_000_000L, 0, 310_000_000L, 0)));
    }

    private static BudgetReport.Event event(
            long secondsAgo, String client, String budget, BudgetReport.Event.What what, long times) {
        return new BudgetReport.Event(
                NOW.minusSeconds(secondsAgo), client, "claude-opus-5-5", List.of(budget), what, times);
    }
}
