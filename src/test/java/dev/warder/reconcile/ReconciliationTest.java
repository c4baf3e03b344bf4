package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.warder.config.Secret;
import dev.warder.contract.Eventually;
import dev.warder.database.DatabaseSchema;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.ClockedDatabase;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import dev.warder.upstream.Outbound;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole comparisons: a ledger in H2, and a server that behaves as the Admin API. */
class ReconciliationTest {
    /** An hour after the end of {@link #DAY}. */
    private static final Instant FIRST = Instant.parse("2026-11-21T01:00:00Z");

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final String OPUS = "claude-opus-5-5";
    private static final Duration PATIENCE = Limit.seconds(10);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AdminApiServer server;
    private final LogCapture log = LogCapture.start().plant(AdminApiServer.KEY);
    private final List<Reconciliation> nodes = new ArrayList<>();
    private volatile Instant now = FIRST;
    private volatile Duration ahead = Duration.ZERO;

    ReconciliationTest() throws IOException {
        server = AdminApiServer.start();
    }

    @BeforeEach
    void fill() throws Exception {
        new DatabaseSchema(h2.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
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
    }

    private LedgerSample sample() {
        return new LedgerSample(h2.database());
    }

    private Reconciliation node() {
        return node(AdminApiServer.KEY);
    }

    private Reconciliation node(String key) {
        var settings = new ReconcileSettings(server.url(), Secret.of(key), "2023-06-01", Map.of("apikey_1", "main"));
        var database = ClockedDatabase.of(h2.database(), () -> now);
        var node = new Reconciliation(
                settings,
                database,
                database,
                Duration.ofDays(400),
                Outbound.DIRECT,
                Thread::new,
                () -> now.plus(ahead));
        nodes.add(node);
        return node;
    }

    private static ReconciliationReport report(Reconciliation node) throws Exception {
        return node.report(DAY.minusDays(5), DAY);
    }

    private Reconciliation started() throws Exception {
        var node = node();
        node.start();
        awaitLine(DAY.toString());
        return node;
    }

    private void awaitLine(String text) throws InterruptedException {
        log.await("dev.warder.reconciliation", line -> line.contains(text), PATIENCE);
    }

    private List<String> dayLines(Level from) {
        return log.lines("dev.warder.reconciliation", from).stream()
                .filter(line -> line.text().startsWith("Reconciliation of "))
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
        assertThat(report(started()).lines()).noneMatch(ReconciliationReport.Line::isUnexplained);
        server.usage(DAY, "apikey_1", OPUS, 1);
        now = FIRST.plus(Duration.ofDays(2));
        var second = node();
        second.start();
        awaitLine("tokens differ by 1,");
        assertThat(report(second).lines()).allSatisfy(line -> {
            assertThat(line.isUnexplained()).isTrue();
            assertThat(report(second).state(line)).isEqualTo("settled");
        });
        assertThat(dayLines(Level.WARNING))
                .singleElement()
                .asString()
                .contains(DAY + " (settled): ledger $0.009000000", "1 of 1 lines unexplained");
    }

    /** What lies between is compared once; the rest of the last 31 days has no rows. */
    @Test
    void comparesAllDaysOfTheLedgerThatWereMissed() throws Exception {
        var early = DAY.minusDays(2);
        sample().add(early, 9, "main", OPUS, 10, 10, 1_000_000);
        server.usage(early, "apikey_1", OPUS, 10, 0, 0, 0, 10).cost(early, OPUS, "output_tokens", "0.2");
        var node = started();
        assertThat(report(node).days())
                .extracting(ReconciliationReport.Day::day, ReconciliationReport.Day::settled)
                .containsExactly(tuple(early, true), tuple(DAY.minusDays(1), false), tuple(DAY, false));
        assertThat(dayLines(Level.WARNING))
                .singleElement()
                .asString()
                .contains(early + " (settled): ledger $0.001000000", "difference $0.001000000", "1 of 1 lines");
    }

    @Test
    void goesBackAMonthAtMost() throws Exception {
        sample().add(DAY.minusDays(40), 9, "main", OPUS, 10, 10, 1_000_000);
        started();
        assertThat(sample().number("SELECT COUNT(*) FROM warder_reconciliation_day"))
                .isEqualTo(31);
    }

    /** A node that ends between the reports and the database leaves a day as it was, and another one compares it later. */
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
        assertThat(report(node()).days()).isEmpty();
        now = FIRST.plus(Duration.ofMinutes(61));
        assertThat(report(started()).lines()).hasSize(1);
    }

    @Test
    void logsAKeyThatIsRefusedByTheNameOfItsSetting() throws Exception {
        var node = node("sk-" + "ant-another-key");
        node.start();
        log.await("dev.warder.reconciliation", line -> line.contains("401"), PATIENCE);
        assertThat(log.lines("dev.warder.reconciliation", Level.INFO))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.level()).isEqualTo(Level.SEVERE);
                    assertThat(line.text())
                            .isEqualTo(
                                    "Reconciliation: reconcile.key: the Admin API returned 401, so the key is wrong or was"
                                            + " revoked");
                });
        assertThat(node.status().failures()).isEqualTo(1);
        assertThat(node.status().failure())
                .hasValueSatisfying(why -> assertThat(why).contains("401"));
        assertThat(report(node).days()).isEmpty();
    }

    @Test
    void aNodeWithAWrongKeyKeepsNoDayFromOthers() throws Exception {
        var early = DAY.minusDays(1);
        sample().add(early, 9, "main", OPUS, 10, 10, 1_000_000);
        var wrong = node("sk-" + "ant-another-key");
        wrong.start();
        Eventually.holds(PATIENCE, () -> wrong.status().failures() == 2);
        Eventually.holds(
                PATIENCE,
                () -> sample().number("SELECT COUNT(*) FROM warder_reconciliation_day WHERE looked_at > '2026-01-01'")
                        == 0);
        assertThat(report(started()).days())
                .extracting(ReconciliationReport.Day::day, ReconciliationReport.Day::lookedAt)
                .containsExactly(tuple(early, FIRST), tuple(DAY, FIRST));
    }

    @Test
    void aNodeWhoseClockIsAheadSettlesNoDayThatMayChange() throws Exception {
        ahead = Duration.ofDays(10);
        var node = started();
        Eventually.holds(PATIENCE, () -> node.status().lastLook().isPresent());
        assertThat(sample().number("SELECT COUNT(*) FROM warder_reconciliation_day"))
                .isEqualTo(1);
        assertThat(report(node).days())
                .extracting(ReconciliationReport.Day::settled, ReconciliationReport.Day::lookedAt)
                .containsExactly(tuple(false, FIRST));
        assertThat(node.status().openDays()).isEqualTo(1);
    }
}
