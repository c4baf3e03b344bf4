package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.page.Snapshot.NodeNumbers.Use;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.credential.CredentialState.Quota;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.SampleLedger;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.record.RequestEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page as text, with names that try to be markup. */
@Timeout(60)
class DashboardTest {
    private static final String HOSTILE = "<img src=x onerror='alert(1)'>\"&";
    private static final String ESCAPED = "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&quot;&amp;";
    private static final Instant NOW = Instant.parse("2026-11-22T12:30:30Z");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");
    private static final View HOUR = new View(View.Range.HOUR, false);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final RecentRefusals refusals = new RecentRefusals(now::get);

    private Dashboard dashboard(Ledger ledger, String text) {
        return dashboard(Optional.of(ledger), text);
    }

    private Dashboard dashboard(Optional<Ledger> ledger, String text) {
        return dashboard(ledger, text, DashboardTest::read);
    }

    private Dashboard dashboard(Optional<Ledger> ledger, String text, Dashboard.Reads reads) {
        var facts = new Snapshot.NodeFacts("9.9", text, text, NOW.minusSeconds(60), List.of(text));
        return new Dashboard(
                ledger,
                reads,
                () -> new Snapshot.Node(
                        facts,
                        new Snapshot.NodeNumbers(
                                new Use(2, 50), 2, 1, new Use(3 << 20, 1L << 30), 0, OptionalLong.of(7), List.of(text)),
                        List.of(state(text)),
                        refusals.all(),
                        refusals.unknown()),
                now::get);
    }

    private static CompletableFuture<LedgerReport> read(Callable<LedgerReport> reading) {
        try {
            return CompletableFuture.completedFuture(reading.call());
        } catch (Exception failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private static CredentialState state(String text) {
        return new CredentialState(
                text,
                CredentialSource.Kind.API_KEY,
                false,
                Optional.of(text),
                Optional.of(Duration.ofSeconds(9)),
                List.of(new CredentialState.HeldModel(text, text, Duration.ofSeconds(3))),
                false,
                Optional.of(new Quota(
                        NOW,
                        List.of(
                                new Quota.Part("requests", "3 of 50", Optional.empty()),
                                new Quota.Part("tokens", "1234 of 50000", Optional.empty())))));
    }

    private static String page(Dashboard dashboard, View view, String formToken) throws Exception {
        return get(dashboard.page(view, formToken));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void escapesEverythingThatCameFromOutside() throws Exception {
        var error = new ErrorReply(403, ErrorReply.forbidden("").type(), HOSTILE, List.of());
        refusals.completed(RecentRefusalsTest.request(HOSTILE, Route.CHAT, RequestEnd.REFUSED, Optional.of(error)));
        try (var ledger = SampleLedger.with(NOW, HOSTILE)) {
            var dashboard = dashboard(ledger, HOSTILE);
            var page = page(dashboard, HOUR, "form-token");
            assertThat(page).doesNotContain("<img", "onerror='", "alert(1)'>").contains(ESCAPED);
            for (var panel : List.of("node", "credentials", "clients", "models", "classes", "sessions", "refusals")) {
                assertThat(section(page, panel)).as(panel).contains(ESCAPED);
            }
            for (var panel : Panel.values()) {
                assertThat(get(dashboard.csv(panel, HOUR)).orElseThrow()).contains("\r\n");
            }
            assertThat(get(dashboard.csv(Panel.SESSIONS, HOUR)).orElseThrow())
                    .contains("\"<img src=x onerror='alert(1)'>\"\"&\"");
        }
    }

    private static String section(String page, String id) {
        int from = page.indexOf("id=\"" + id + "\"");
        assertThat(from).as(id).isPositive();
        return page.substring(from, page.indexOf("</section>", from));
    }

    @ParameterizedTest
    @EnumSource(View.Range.class)
    void showsEveryPanelWithATableAndCsv(View.Range range) throws Exception {
        try (var ledger = SampleLedger.at(NOW)) {
            var dashboard = dashboard(ledger, "text");
            var page = page(dashboard, new View(range, false), "form-token");
            for (var panel : Panel.values()) {
                var section = section(page, panel.word());
                assertThat(section).contains("href=\"panels/" + panel.word() + ".csv?range=" + range.word());
                if (panel != Panel.REFUSALS) {
                    assertThat(section).contains("<table>", "<caption>");
                }
            }
            assertThat(page).doesNotContain("style=", "onclick", "http:", "https:", "NaN");
            assertThat(ID.matcher(page).results().map(found -> found.group(1))).doesNotHaveDuplicates();
            assertThat(page).contains("aria-current=\"true\">" + range.title, "value=\"form-token\"");
            int slots = range.starts(range.until(NOW, false)).size();
            assertThat(get(dashboard.csv(Panel.REQUESTS, new View(range, false)))
                            .orElseThrow()
                            .split("\r\n"))
                    .hasSize(slots + 1);
        }
    }

    @Test
    void showsTheSameInPanelsAndPage() throws Exception {
        try (var ledger = SampleLedger.at(NOW)) {
            var dashboard = dashboard(ledger, "text");
            var panels = get(dashboard.panels(HOUR));
            assertThat(page(dashboard, HOUR, "")).contains(panels).doesNotContain("<form");
            assertThat(section(panels, "live")).contains("<b>2</b> open exchanges");
            assertThat(section(panels, "credentials"))
                    .contains(
                            "not usable; text; for another 9 s; not for text (text)",
                            "requests 3 of 50, tokens 1,234 of 50,000 (0 s ago)");
            assertThat(get(dashboard.csv(Panel.CREDENTIALS, HOUR)).orElseThrow())
                    .contains("requests 3 of 50, tokens 1234 of 50000 (0 s ago)");
            assertThat(section(panels, "node")).contains("Warder 9.9", "1 min 0 s", "database");
        }
    }

    @Test
    void sumsWhatTheLedgerHas() throws Exception {
        try (var ledger = SampleLedger.with(NOW, "build")) {
            var csv = get(dashboard(ledger, "text").csv(Panel.TOKENS, HOUR)).orElseThrow();
            assertThat(csv.lines().filter(line -> line.startsWith("2026-11-22T12:30:00Z")))
                    .singleElement()
                    .asString()
                    .matches("2026-11-22T12:30:00Z,150,333,55,3000,\\d+,85");
            var requests =
                    get(dashboard(ledger, "text").csv(Panel.REQUESTS, HOUR)).orElseThrow();
            assertThat(requests).contains("2026-11-22T12:30:00Z,1,0,0");
            var added = get(dashboard(ledger, "text").csv(Panel.ADDED_LATENCY, HOUR))
                    .orElseThrow();
            assertThat(added).contains("2026-11-22T12:30:00Z,1,3,3,3", "2026-11-22T12:29:00Z,0,,,");
        }
    }

    @Test
    void showsTheShareOfEachClass() throws Exception {
        try (var ledger = SampleLedger.with(NOW, "build")) {
            var dashboard = dashboard(ledger, "text");
            var csv = get(dashboard.csv(Panel.CLASSES, HOUR)).orElseThrow();
            assertThat(csv.lines().map(line -> line.replaceFirst("0\\.\\d*[1-9]\\d*$", "COST")
                            .replaceFirst(",0\\.\\d*[1-9]\\d*,", ",COST,")
                            .replace("0.000000000", "0")))
                    .containsExactly(
                            "client,main,subagent,workflow,compaction,auxiliary,other,none,cost_usd",
                            "All clients,COST,0,0,0,0,0,0,COST",
                            "build,COST,0,0,0,0,0,0,COST");
            assertThat(section(get(dashboard.panels(HOUR)), "classes"))
                    .contains("<li><b>100 %</b> main</li><li><b>0 %</b> subagent</li>", "<td class=\"n\">100 %</td>")
                    .doesNotContain("CLAUDE_CODE_GATEWAY_HINT_HEADERS");
        }
    }

    @Test
    void statesHowToGetClassesWhereThereAreNone() throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:no-classes");
        try (var kept = source.getConnection();
                var ledger = SampleLedger.in(source, Duration.ofDays(1), Optional.empty())) {
            assertThat(kept.isClosed()).isFalse();
            assertThat(section(get(dashboard(ledger, "text").panels(HOUR)), "classes"))
                    .contains("CLAUDE_CODE_GATEWAY_HINT_HEADERS=1")
                    .doesNotContain("<table>");
        }
    }

    @Test
    void asksTheLedgerOnceForAWhile() throws Exception {
        try (var ledger = SampleLedger.at(NOW)) {
            var dashboard = dashboard(ledger, "text");
            var before = section(get(dashboard.panels(HOUR)), "requests");
            ledger.completed(RecentRefusalsTest.request("r", Route.CHAT, RequestEnd.REFUSED, Optional.empty()));
            assertThat(section(get(dashboard.panels(HOUR)), "requests")).isEqualTo(before);
            now.set(NOW.plusSeconds(2));
            assertThat(section(get(dashboard.panels(HOUR)), "requests")).isNotEqualTo(before);
        }
    }

    @Test
    void readsOneReportAtATime() throws Exception {
        var begun = new ArrayDeque<CompletableFuture<LedgerReport>>();
        try (var ledger = SampleLedger.at(NOW)) {
            var dashboard = dashboard(Optional.of(ledger), "text", reading -> {
                begun.add(new CompletableFuture<>());
                return begun.getLast();
            });
            var hour = dashboard.panels(HOUR);
            var day = dashboard.panels(new View(View.Range.DAY, false));
            var week = dashboard.panels(new View(View.Range.WEEK, false));
            assertThat(begun).hasSize(1);
            begun.remove().complete(LedgerReport.UNREADABLE);
            assertThat(hour).isCompleted();
            assertThat(begun).hasSize(1);
            begun.remove().completeExceptionally(new RejectedExecutionException());
            assertThat(section(get(day), "requests")).contains("The ledger cannot be read now.");
            assertThat(section(get(day), "live")).contains("open exchanges");
            assertThat(week).isNotDone();
            begun.remove().complete(LedgerReport.UNREADABLE);
            assertThat(week).isCompleted();
        }
    }

    @Test
    void showsTheOtherPanelsWhereAPartOfTheLedgerCannotBeRead() throws Exception {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:part-of-a-report");
        try (var kept = source.getConnection();
                var statement = kept.createStatement();
                var ledger = SampleLedger.in(source, Duration.ofDays(1), Optional.empty())) {
            assertThat(ledger.report(View.Range.MONTH.until(NOW, true)).sessions())
                    .isPresent();
            statement.execute("DROP TABLE warder_ledger");
            var dashboard = dashboard(ledger, "text");
            var page = page(dashboard, new View(View.Range.MONTH, true), "");
            for (var panel : Panel.values()) {
                assertThat(section(page, panel.word()).contains("The ledger cannot be read now."))
                        .as(panel.word())
                        .isEqualTo(panel == Panel.SESSIONS);
                assertThat(get(dashboard.csv(panel, new View(View.Range.MONTH, true)))
                                .isEmpty())
                        .as(panel.word())
                        .isEqualTo(panel == Panel.SESSIONS);
            }
        }
    }

    @Test
    void showsTheRestWhereTheLedgerCannotBeRead() throws Exception {
        var broken = new JdbcDataSource();
        broken.setURL("jdbc:h2:tcp://127.0.0.1:1/nowhere");
        try (var ledger = SampleLedger.in(broken, Duration.ofDays(1), Optional.empty())) {
            var dashboard = dashboard(ledger, "text");
            var page = page(dashboard, HOUR, "");
            assertThat(section(page, "requests")).contains("The ledger cannot be read now.");
            assertThat(section(page, "live")).contains("open exchanges");
            assertThat(page).contains(">All nodes</a>");
            assertThat(get(dashboard.csv(Panel.COST, HOUR))).isEmpty();
            assertThat(get(dashboard.csv(Panel.LIVE, HOUR))).isPresent();
        }
    }

    @Test
    void statesThatThereIsNoLedgerWithoutADatabase() throws Exception {
        var dashboard = dashboard(Optional.<Ledger>empty(), "text");
        assertThat(dashboard.hasLedger()).isFalse();
        var page = page(dashboard, HOUR, "");
        assertThat(section(page, "requests")).contains("bind jdbc/warder");
        assertThat(section(page, "node")).contains("<td>none</td>");
        assertThat(section(page, "live")).contains("open exchanges");
        assertThat(page).doesNotContain(">All nodes</a>", "api/ledger");
        assertThat(get(dashboard.csv(Panel.COST, HOUR))).isEmpty();
        assertThat(get(dashboard.csv(Panel.LIVE, HOUR))).isPresent();
    }
}
