package dev.warder.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.contract.Eventually;
import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.reconciliation.report.AdminApi;
import dev.warder.reconciliation.report.KeyMap;
import dev.warder.reconciliation.store.BookingRequest;
import dev.warder.reconciliation.store.LedgerSample;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.ReconciliationStore;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole looks and bookings: a ledger in H2, and a server that behaves as the Admin API. */
class ReconciliationTest {
    /** Stands still, so that no further day ends while the tests run. It is that of the database, which goes on. */
    private static final InstantSource CLOCK =
            InstantSource.fixed(InstantSource.system().instant());

    private static final LocalDate DAY = LedgerSample.lastDay(CLOCK.instant());
    private static final String OPUS = "claude-opus-5-5";
    private static final Duration PATIENCE = Limit.seconds(10);
    private static final String POLICY =
            """
            {"version": 1, "organization": {"budgets": [{"amount": "1000", "period": "month"},
              {"amount": "50", "period": "day", "mode": "warn"}, {"amount": "10", "period": "hour", "mode": "warn"}]}}
            """;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AdminApiServer server;
    private final LogCapture log = LogCapture.start().plant(AdminApiServer.KEY);
    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private final List<Reconciliation> nodes = new ArrayList<>();

    ReconciliationTest() throws IOException {
        server = AdminApiServer.start();
    }

    @BeforeEach
    void fill() throws Exception {
        policy.accept(POLICY.getBytes(StandardCharsets.UTF_8));
        new ReconciliationStore(h2.database()).end(new UUID(0, 0));
        sample().add(DAY, 9, "main", OPUS, 1000, 100, 6_000_000);
        sample().add(DAY, 10, "main", OPUS, 500, 50, 3_000_000);
        server.usage(DAY, "apikey_1", OPUS, 1500, 0, 0, 0, 150)
                .cost(DAY, OPUS, "uncached_input_tokens", "0.6")
                .cost(DAY, OPUS, "output_tokens", "0.3");
    }

    @AfterEach
    void stop() throws Exception {
        nodes.forEach(Reconciliation::close);
        server.close();
        assertThat(log.leaks()).isEmpty();
        log.close();
        BudgetCheck.agrees(h2.database());
    }

    private LedgerSample sample() {
        return new LedgerSample(h2.database());
    }

    private Reconciliation node() {
        return node(AdminApiServer.KEY);
    }

    private Reconciliation node(String key) {
        var settings = new ReconcileSettings(
                new AdminApi(server.url(), Secret.of(key), "2023-06-01"), new KeyMap(Map.of("apikey_1", "main")));
        Supplier<Policy> current = policy::current;
        var node = new Reconciliation(
                settings,
                h2.database(),
                h2.database(),
                Duration.ofDays(400),
                Optional.of(current),
                Thread::new,
                CLOCK,
                new SplittableRandom(1));
        nodes.add(node);
        return node;
    }

    private static ReconciliationReport report(Reconciliation node) throws Exception {
        return node.report(DAY.minusDays(5), DAY).get(20, TimeUnit.SECONDS);
    }

    private Reconciliation started() throws Exception {
        var node = node();
        node.start();
        awaitLook(DAY.toString());
        return node;
    }

    private void awaitLook(String text) throws InterruptedException {
        log.await("dev.warder.reconciliation.DayLog", line -> line.contains(text), PATIENCE);
    }

    /** How many lines are booked, and their sum. */
    private List<Long> book(Reconciliation node, String reason) throws Exception {
        var request = new BookingRequest(Optional.empty(), Optional.empty(), reason, "ada");
        var booked = new RepeatableTransactions(h2.database(), DatabaseSchema.Tables.RECONCILIATION)
                .run(connection -> node.bookings(connection, DAY).orElseThrow().book(request));
        return List.of((long) booked.lines().size(), booked.nanos());
    }

    private List<String> dayLines(Level from) {
        return log.lines("dev.warder.reconciliation.DayLog", from).stream()
                .map(line -> line.level() + " " + line.text())
                .toList();
    }

    @Test
    void findsThatBothSidesAgree() throws Exception {
        var report = report(started());
        assertThat(report.lines()).singleElement().satisfies(line -> {
            assertThat(line.sides().difference()).isZero();
            assertThat(line.sides().distance()).isZero();
            assertThat(line.isUnexplained()).isFalse();
            assertThat(report.state(line)).isEqualTo("open");
        });
        assertThat(dayLines(Level.INFO))
                .singleElement()
                .asString()
                .startsWith("INFO Reconciliation of " + DAY
                        + " (open): ledger $0.009000000 in 2 rows, reports $0.009000000,"
                        + " difference $0.000000000, booked $0.000000000, tokens differ by 0, 0 of 1 lines unexplained,"
                        + " other keys $0.000000000");
    }

    @Test
    void roundingIsNoDifferenceButATokenIs() throws Exception {
        server.clear()
                .usage(DAY, "apikey_1", OPUS, 1500, 0, 0, 0, 150)
                .cost(DAY, OPUS, "uncached_input_tokens", "0.6000001")
                .cost(DAY, OPUS, "output_tokens", "0.3");
        var node = started();
        assertThat(report(node).lines()).noneMatch(ReconciliationLine::isUnexplained);
        server.usage(DAY, "apikey_1", OPUS, 1);
        node.look();
        awaitLook("tokens differ by 1,");
        assertThat(report(node).lines()).allMatch(ReconciliationLine::isUnexplained);
    }

    @Test
    void warnsOnceNumbersAreLate() throws Exception {
        var early = DAY.minusDays(2);
        sample().add(early, 9, "main", OPUS, 10, 10, 1_000_000);
        server.usage(early, "apikey_1", OPUS, 10, 0, 0, 0, 10).cost(early, OPUS, "output_tokens", "0.2");
        started();
        assertThat(dayLines(Level.WARNING))
                .singleElement()
                .asString()
                .contains(
                        early + " (open): ledger $0.001000000", "difference $0.001000000", "1 of 1 lines unexplained");
    }

    @Test
    void chargesABookingToTheOrganizationsBudgetsOnce() throws Exception {
        server.cost(DAY, OPUS, "output_tokens", "0.1");
        var node = started();
        assertThat(book(node, "invoice")).containsExactly(1L, 1_000_000L);
        assertThat(book(node, "again")).containsExactly(0L, 0L);
        for (var budget : List.of("organization/month", "organization/day")) {
            assertThat(sample().number(
                                    "SELECT SUM(nanos) FROM warder_budget_adjustment WHERE budget = '" + budget + "'"))
                    .isEqualTo(1_000_000);
        }
        assertThat(sample().number("SELECT COUNT(*) FROM warder_budget_adjustment"))
                .as("none for the hour")
                .isEqualTo(2);
        assertThat(report(node).state(report(node).lines().get(0))).isEqualTo("booked");
        assertThat(node.adjustments(DAY, DAY).get(20, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void booksOnlyTheChangeAfterAReportHasChanged() throws Exception {
        server.cost(DAY, OPUS, "output_tokens", "0.1");
        var node = started();
        book(node, "first");
        server.cost(DAY, OPUS, "output_tokens", "0.05");
        node.look(DAY, DAY);
        awaitLook("reports $0.010500000");
        assertThat(report(node).lines().get(0).open()).isEqualTo(500_000);
        assertThat(book(node, "second")).containsExactly(1L, 500_000L);
        assertThat(sample().number("SELECT SUM(nanos) FROM warder_adjustment")).isEqualTo(1_500_000);
    }

    /** A look that ends between the reports and the database leaves a day as it was, and it is looked at again. */
    @Test
    void losesNothingIfANodeEndsInTheMiddleOfADay() throws Exception {
        var arrived = new CountDownLatch(1);
        server.next((request, reply) -> {
            arrived.countDown();
            request.awaitPeerClosed(PATIENCE);
        });
        var first = node();
        first.start();
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
        first.close();
        assertThat(dayLines(Level.INFO)).isEmpty();
        var second = started();
        assertThat(report(second).lines()).hasSize(1);
    }

    @Test
    void aSecondNodeDoesNotLookWhileOneDoes() throws Exception {
        var arrived = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        server.next((request, reply) -> {
            arrived.countDown();
            reply.await(goesOn);
            reply.json(500, "{}");
        });
        var first = node();
        first.start();
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
        var second = node();
        second.start();
        Eventually.holds(PATIENCE, () -> second.status().lastLook().isPresent());
        assertThat(second.status().lastLook())
                .as("it has seen that another one looks")
                .isPresent();
        assertThat(server.requests()).hasSize(1);
        goesOn.countDown();
        awaitLook(DAY.toString());
        assertThat(dayLines(Level.INFO)).hasSize(1);
    }

    @Test
    void logsAKeyThatIsRefusedOnceByTheNameOfItsSetting() throws Exception {
        var node = node("sk-" + "ant-another-key");
        node.start();
        log.await("dev.warder.reconciliation.Looks", line -> line.contains("401"), PATIENCE);
        node.look();
        Eventually.holds(PATIENCE, () -> node.status().failures() == 2);
        assertThat(log.lines("dev.warder.reconciliation.Looks", Level.INFO))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.level()).isEqualTo(Level.SEVERE);
                    assertThat(line.text())
                            .isEqualTo(
                                    "Reconciliation: reconcile.key: the Admin API returned 401, so the key is wrong or was"
                                            + " revoked");
                });
        assertThat(node.status().failure())
                .hasValueSatisfying(why -> assertThat(why).contains("401"));
        assertThat(report(node).days()).isEmpty();
    }

    @Test
    void theNumbersOfMetricsAreThoseOfTheLastLook() throws Exception {
        server.cost(DAY, OPUS, "output_tokens", "0.1").usage(DAY, "apikey_1", OPUS, 7);
        var node = started();
        Eventually.holds(PATIENCE, () -> node.status().lastLook().isPresent());
        assertThat(node.status().openDays()).isEqualTo(1);
        assertThat(node.status().unexplainedNanos()).isEqualTo(1_000_000);
        assertThat(node.status().unexplainedTokens()).isEqualTo(7);
    }
}
