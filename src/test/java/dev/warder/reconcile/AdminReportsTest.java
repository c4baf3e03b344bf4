package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.Secret;
import dev.warder.reconcile.AdminReports.ReportException;
import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.CostShares.DayReport;
import dev.warder.reconcile.ReconciliationReport.LineId;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.LogCapture;
import dev.warder.upstream.Outbound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reports of a day, from a server that behaves as the Admin API. */
class AdminReportsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final String OPUS = "claude-opus-5-5";
    private static final String INPUT = "uncached_input_tokens";
    private static final Map<String, String> MAP =
            Map.of("apikey_1", "main", "apikey_2", "main", "user_3", "login", "svac_4", "robot");

    private final AdminApiServer server;
    private final List<Duration> pauses = new ArrayList<>();
    private final LogCapture log = LogCapture.start().plant(AdminApiServer.KEY);
    private boolean goesOn = true;

    AdminReportsTest() throws IOException {
        server = AdminApiServer.start();
    }

    @BeforeEach
    void fill() {
        server.usage(DAY, "apikey_1", OPUS, 100, 10, 20, 1000, 50)
                .usage(DAY, "apikey_2", OPUS, 100)
                .usage(DAY, "apikey_9", OPUS, 200)
                .usage(DAY, "user_3", "claude-haiku-4-5-20251001", 7, 0, 0, 0, 9)
                .usage(DAY, "svac_4", OPUS, 0, 0, 0, 0, 0, 2)
                .usage(DAY.plusDays(1), "apikey_1", OPUS, 5000)
                .cost(DAY, OPUS, INPUT, "0.8")
                .cost(DAY, OPUS, "output_tokens", "0.1")
                .cost(DAY, OPUS, "cache_read_input_tokens", "0.02")
                .cost(DAY, "claude-haiku-4-5-20251001", INPUT, "0.007")
                .cost(DAY, "web_search", "2")
                .cost(DAY, "code_execution", "1");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertThat(log.leaks()).isEmpty();
        log.close();
    }

    private DayReport read(String key) throws Exception {
        var settings = new ReconcileSettings(server.url(), Secret.of(key), "2023-06-01", MAP);
        var closed = new Semaphore(0) {
            private static final long serialVersionUID = 1;

            @Override
            public boolean tryAcquire(long time, TimeUnit unit) {
                pauses.add(Duration.of(time, unit.toChronoUnit()));
                return !goesOn;
            }
        };
        InstantSource clock = () -> Instant.parse("2026-11-21T08:00:00Z");
        try (var reports = new AdminReports(settings, Outbound.DIRECT, Thread::new, clock, closed)) {
            return reports.read(DAY);
        }
    }

    private DayReport read() throws Exception {
        return read(AdminApiServer.KEY);
    }

    private ReportException failure() {
        return catchThrowableOfType(ReportException.class, this::read);
    }

    /** Each line of the cost report may be rounded by 100 nano-dollars. */
    private static Comparison share(Side side, int lines) {
        return new Comparison(0, Side.NONE, side, 100L * lines);
    }

    private static LineId owner(String model, String credential) {
        return new LineId(DAY, model, credential);
    }

    @Test
    void hasEachCredentialsUsageAndItsPartOfTheCost() throws Exception {
        var report = read();
        assertThat(report.shares().get(owner(OPUS, "main")))
                .isEqualTo(share(new Side(4_000_000 + 1_000_000 + 200_000, 200, 10, 20, 1000, 50, 0), 3));
        assertThat(report.shares().get(owner("claude-haiku-4-5", "login")))
                .isEqualTo(share(new Side(70_000, 7, 0, 0, 0, 9, 0), 1));
        assertThat(report.shares().get(owner(OPUS, "robot")))
                .isEqualTo(share(new Side(20_000_000, 0, 0, 0, 0, 0, 2), 1));
        assertThat(report.otherNanos()).isEqualTo(4_000_000 + 10_000_000);
        assertThat(report.otherTokens()).isEqualTo(200);
    }

    @Test
    void asksForOneDayAndForItsOwnIdsOnly() throws Exception {
        read();
        assertThat(server.requests())
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        request -> assertThat(request.target())
                                .contains(
                                        "starting_at=2026-11-20T00%3A00%3A00Z&ending_at=2026-11-21T00%3A00%3A00Z&bucket_width=1d&limit=1"));
        assertThat(server.requests().stream().filter(each -> each.target().contains("api_key_ids")))
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.target())
                        .contains("&api_key_ids%5B%5D=apikey_1&api_key_ids%5B%5D=apikey_2")
                        .doesNotContain("apikey_9"));
    }

    @Test
    void pagesMakeNoDifference() throws Exception {
        var report = read();
        server.pages(1);
        assertThat(read()).isEqualTo(report);
        server.pages(100);
        assertThat(read()).isEqualTo(report);
    }

    @Test
    void repeatsAPageThatBreaksOffOrIsRefusedForAWhile() throws Exception {
        var report = read();
        server.next((request, reply) -> {
                    reply.field("Content-Type", "application/json").length(500);
                    reply.content("{\"data\":[".getBytes(StandardCharsets.UTF_8));
                    reply.closeNow();
                })
                .next((request, reply) -> reply.json(503, "{}"))
                .next((request, reply) -> reply.field("retry-after", "7").json(429, "{}"));
        assertThat(read()).isEqualTo(report);
        assertThat(pauses).hasSize(3);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(pauses.get(2)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void givesUpAfterSixAttempts() {
        for (int i = 0; i < 6; i++) {
            server.next((request, reply) -> reply.json(529, "{}"));
        }
        assertThat(failure()).hasMessage("the Admin API returned 529");
        assertThat(pauses).hasSize(5);
    }

    @Test
    void doesNotWaitLongerThanTwoMinutesNorAfterItsEnd() {
        server.next((request, reply) -> reply.field("retry-after", "3600").json(429, "{}"));
        assertThat(failure()).hasMessage("the Admin API returned 429");
        assertThat(pauses).isEmpty();
        goesOn = false;
        server.next((request, reply) -> reply.json(500, "{}"));
        assertThat(failure()).hasMessage("the Admin API returned 500");
        assertThat(pauses).hasSize(1);
    }

    @Test
    void namesTheSettingOfAKeyThatIsRefused() {
        var refused = catchThrowableOfType(ReportException.class, () -> read("sk-" + "ant-wrong-key-of-an-operator"));
        assertThat(refused).hasMessageStartingWith("reconcile.key: the Admin API returned 401");
        assertThat(String.valueOf(refused)).doesNotContain("wrong-key");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void followsNoRedirectWithTheKey() {
        server.next((request, reply) ->
                reply.field("Location", server.url() + "/elsewhere").json(302, "{}"));
        assertThat(failure()).hasMessage("the Admin API returned 302");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void refusesWhatIsNoReport() {
        for (var text : List.of("[]", "{}", "{\"data\":[]}", "<html>", "{\"data\":[],\"has_more\":true}", "")) {
            server.next((request, reply) -> reply.json(200, text));
            assertThat(failure()).as(text).hasMessageStartingWith("a page ");
        }
        server.next(
                (request, reply) -> reply.json(
                        200,
                        "{\"data\":[{\"starting_at\":\"2026-11-20T00:00:00Z\",\"results\":[{\"output_tokens\":1}]}],\"has_more\":false}"));
        assertThat(failure()).hasMessage("a result of the usage report has no number uncached_input_tokens");
    }

    @Test
    void refusesAnAmountThatIsNoNumberOfCents() {
        for (var amount : List.of("1e9", "", "12,5", "NaN", "1".repeat(50))) {
            server.cost(DAY, OPUS, INPUT, amount);
            assertThat(failure()).as(amount).hasMessage("an amount of the cost report is not a decimal number");
            server.clear();
        }
    }

    @Test
    void endsIfPagesRepeatOrAreTooLong() {
        var page = "{\"data\":[],\"has_more\":true,\"next_page\":\"page_same\"}";
        server.next((request, reply) -> reply.json(200, page)).next((request, reply) -> reply.json(200, page));
        assertThat(failure()).hasMessage("the Admin API repeats a page");
        for (int i = 0; i < 6; i++) {
            server.next((request, reply) -> reply.json(200, " ".repeat(AdminReports.MOST_BYTES + 1)));
        }
        assertThat(failure())
                .hasMessageContaining("sent a response of more than " + AdminReports.MOST_BYTES + " bytes");
    }
}
