package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.NodeFacts;
import dev.warder.admin.page.NodeNumbers;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.config.Secret;
import dev.warder.database.DatabaseSchema;
import dev.warder.database.DatabaseSettings;
import dev.warder.http.Attributes;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.LedgerSettings;
import dev.warder.ledger.store.ChargeLookup;
import dev.warder.policy.LivePolicy;
import dev.warder.principal.PrincipalApi;
import dev.warder.quota.budget.BudgetReports;
import dev.warder.quota.budget.NodeBudgets;
import dev.warder.reconcile.Comparison;
import dev.warder.reconcile.LineId;
import dev.warder.reconcile.ReconcileSettings;
import dev.warder.reconcile.Reconciliation;
import dev.warder.reconcile.ReconciliationDay;
import dev.warder.reconcile.ReconciliationStore;
import dev.warder.reconcile.Side;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.PageLook;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The overview, the budgets and the reconciliation of a company with 10,000 clients, in Chromium, and what axe-core finds in
 * them. How long each page takes to its first paint is printed, and not asserted. {@link PrincipalPagesIT} has the other pages,
 * and the tests of these three pages have both schemes and widths.
 */
@Tag("turn-8")
@Tag("turn-only")
class CompanyPagesIT {
    private static final int CLIENTS = 10_000;
    private static final int TEAMS = 200;

    /** Their clients are the most of the last team. */
    private static final int ALONE = 2_000;

    private static final int DAYS = 31;
    private static final UUID RUN = new UUID(5, 5);
    private static final LocalDate LAST = LocalDate.parse("2026-11-20");

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @TempDir
    private Path folder = Path.of("");

    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private Optional<AdminSite> site = Optional.empty();
    private Optional<BudgetReports> budgets = Optional.empty();
    private Optional<Reconciliation> reconciliation = Optional.empty();
    private Optional<PrincipalApi> api = Optional.empty();
    private Optional<Ledger> ledger = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        policy.accept(policy().getBytes(StandardCharsets.UTF_8));
        InstantSource clock = () -> AdminSite.BEGIN;
        var none = new NodeBudgets(RUN, List.of(), List.of(), 0, List.of());
        budgets = Optional.of(
                new BudgetReports(policy::current, () -> none, h2.database(), Thread::new, clock, System::nanoTime));
        var settings = new ReconcileSettings(
                URI.create("http://127.0.0.1:1"), Secret.of("not-used"), "2023-06-01", Map.of("apikey_1", "main"));
        reconciliation = Optional.of(new Reconciliation(
                settings,
                h2.database(),
                h2.database(),
                Duration.ofDays(400),
                Thread::new,
                clock,
                new SplittableRandom(1)));
        api = Optional.of(new PrincipalApi(Administrations.of(h2.database(), policy), Thread::new));
        ledger = Ledger.of(
                new LedgerSettings(Duration.ofDays(400)),
                new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(folder)),
                Optional.of(h2.database()),
                Thread::new,
                ChargeLookup.NONE);
        new DatabaseSchema(h2.database(), DatabaseSchema.Tables.RECONCILIATION).bringUpToDate();
        fillBudgets();
        fillLedger();
        fillReconciliation();
        site = Optional.of(new AdminSite(URI.create("http://login.example/authorize"), application -> {
            Attributes.put(application, BudgetReports.class, budgets.orElseThrow());
            Attributes.put(application, Reconciliation.class, reconciliation.orElseThrow());
            Attributes.put(application, PrincipalApi.class, api.orElseThrow());
            Attributes.put(application, Dashboard.class, dashboard(ledger.orElseThrow(), clock));
        }));
    }

    @AfterEach
    void stop() throws Exception {
        if (site.isPresent()) {
            site.get().stop();
        }
        budgets.ifPresent(BudgetReports::close);
        reconciliation.ifPresent(Reconciliation::close);
        api.ifPresent(PrincipalApi::close);
        ledger.ifPresent(Ledger::close);
    }

    private static Dashboard dashboard(Ledger ledger, InstantSource clock) {
        return new Dashboard(
                Optional.of(ledger),
                new NodeFacts("0.1.0", "Jetty", "https://api.anthropic.com", AdminSite.BEGIN, List.of()),
                () -> new NodeNumbers(7, 5000, 7, 3, 5_300_000, 320L << 20, 0, OptionalLong.of(7), List.of()),
                List::of,
                new RecentRefusals(clock),
                clock);
    }

    private static String policy() {
        var teams = IntStream.range(0, TEAMS)
                .mapToObj(i ->
                        "{\"name\": \"team-" + i + "\", \"budgets\": [{\"amount\": \"900\", \"period\": \"month\"}]}")
                .collect(Collectors.joining(", "));
        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> "{\"name\": \"person-" + i + "\", \"kind\": \"person\", "
                        + (i < ALONE ? "" : "\"teams\": [\"team-" + i % TEAMS + "\"], ")
                        + "\"budgets\": [{\"amount\": \"50\", \"period\": \"day\"}]}")
                .collect(Collectors.joining(", "));
        return "{\"version\": 1, \"organization\": {\"budgets\": [{\"amount\": \"90000\", \"period\": \"month\"}]},"
                + " \"teams\": [" + teams + "], \"clients\": [" + clients + "]}";
    }

    private void fillBudgets() throws SQLException {
        String numbers = " FROM SYSTEM_RANGE(0, " + (CLIENTS - 1) + ")";
        String keys =
                "SELECT 'client/person-' || CAST(X AS VARCHAR) || '/day', TIMESTAMP WITH TIME ZONE '2026-11-21 00:00:00Z'";
        String spent = "CAST(MOD(X * 7919, 45000) AS BIGINT) * 1000000";
        execute(
                "INSERT INTO warder_budget_period (budget, starts_at, ends_at, cap_target, enforced, policy_version, opened,"
                        + " spent, overage, held_unknown, leased) " + keys
                        + ", TIMESTAMP WITH TIME ZONE '2026-11-22 00:00:00Z', 50000000000, TRUE, 1, TRUE, " + spent
                        + ", 0, 0, 0"
                        + numbers);
        execute("INSERT INTO warder_budget_adjustment (budget, starts_at, reason, nanos, made_at) " + keys
                + ", 'sample', " + spent + ", CURRENT_TIMESTAMP" + numbers);
    }

    /** A request of each client on each of the last days. */
    private void fillLedger() throws SQLException {
        execute(
                "INSERT INTO warder_usage (step, starts_at, node, client, model, row_count, input_tokens, write_5m_tokens,"
                        + " write_1h_tokens, read_tokens, output_tokens, billed_nanos, own_nanos, last_at) SELECT 'hour', starts_at,"
                        + " 'node', 'person-' || CAST(number AS VARCHAR), 'claude-opus-5-5', 40, 9000, 0, 0, 120000, 4000,"
                        + " 1000000 * CAST(MOD(number * 7919, 9000) AS BIGINT) + 1, 0, starts_at FROM (SELECT X AS number FROM SYSTEM_RANGE(0, "
                        + (CLIENTS - 1) + ")) numbers, (SELECT DATEADD('HOUR', 24 * X + 9, TIMESTAMP WITH TIME ZONE"
                        + " '2026-10-22 00:00:00Z') AS starts_at FROM SYSTEM_RANGE(0, " + (DAYS - 2) + ")) days");
    }

    private void fillReconciliation() throws Exception {
        var store = new ReconciliationStore(h2.database());
        for (int day = 0; day < DAYS; day++) {
            var lines = new HashMap<LineId, Comparison>();
            var date = LAST.minusDays(day);
            for (int i = 0; i < 4; i++) {
                var ledger = new Side(5_000_000_000L * i, 1000 + i, 0, 0, 20_000, 300, 0);
                var report = new Side(5_000_000_000L * i + i % 3 * 70_000_000L, 1000 + i, 0, 0, 20_000, 300, 0);
                lines.put(
                        new LineId(date, "claude-opus-5-" + i % 2, "credential-" + i / 2),
                        new Comparison(90, ledger, report, 1500));
            }
            execute("INSERT INTO warder_reconciliation_day (day_utc, settled, looked_at, other_nanos, other_tokens)"
                    + " VALUES ('" + date + "', TRUE, TIMESTAMP WITH TIME ZONE '" + AdminSite.BEGIN + "', 0, 0)");
            assertThat(store.save(new ReconciliationDay(date, true, AdminSite.BEGIN, 0, 0), lines))
                    .isPresent();
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = h2.database().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void showWhatALargeCompanyHas() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            browser.open(uri("budgets"));
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(AdminSite.TOKEN);
            browser.press(Chromium.Key.ENTER);
            browser.await("heading", "Budgets");
            look(browser, "budgets", "Budgets", false);
            follow(browser, "Next page", "Page 2 of 5");
            follow(browser, "First page", "Page 1 of 5");
            follow(browser, "1,990 further budgets of clients, which are less full", "Page 1 of 4");
            follow(browser, "Next page", "Page 2 of 4");
            look(browser, "reconciliation", "Reconciliation", true);
            look(browser, "", "Warder", false);
            look(browser, "?range=month&nodes=all", "Warder", true);
            assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint)
                    .contains("the server responded with a status of 401"));
        }
    }

    private void look(Chromium browser, String page, String heading, boolean dark) throws Exception {
        browser.open(uri(page));
        browser.awaitValue("String((document.querySelector('h1') || document).textContent)", heading);
        browser.awaitValue("document.readyState", "complete");
        PageLook.printTimes(browser, "/admin/" + page);
        PageLook.look(browser, "company-" + page.replaceAll("[^a-z]+", "-"), PageLook.WIDE, dark);
    }

    /** Opens the address of a link, found by its text, and waits for another text. */
    private static void follow(Chromium browser, String link, String text) throws Exception {
        browser.open(URI.create(
                browser.evaluate("Array.from(document.querySelectorAll('main a')).filter(function (a) { return"
                        + " a.textContent === '" + link + "'; }).map(function (a) { return a.href; })[0]")));
        browser.awaitValue("String((document.querySelector('.paging span') || document).textContent)", text);
    }

    private URI uri(String page) {
        return site.orElseThrow().uri("/admin/" + page);
    }
}
