package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of administrators as bytes: who gets it, what it may do in a browser, and that no name becomes markup. */
class OverviewContract extends GroundContract {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'&";
    private static final String ESCAPED = "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;";
    private static final List<String> PATHS = items(
            """
            /admin/, /admin/panels, /admin/budgets/panels, /admin/panels/requests.csv
            /admin/panels/sessions.csv?range=month&nodes=this, /admin/page.css, /admin/page.js""");

    @Test
    void isForAdministratorsOnly() throws Exception {
        var container = administered();
        for (var path : PATHS) {
            assertText(401, send(container, request(container, "GET", path).bearer(ACCESS_TOKEN)))
                    .doesNotContain("class=\"panel");
            Answers.refused(send(container, request(container, "GET", path)), 401);
            assertText(401, send(container, request(container, "GET", path).field("Accept", "text/html")))
                    .contains("type=\"password\"")
                    .doesNotContain("class=\"panel", "<script");
        }
    }

    @Test
    void isNotThereWithoutItsSetting() throws Exception {
        var container = ground.container();
        for (var path : PATHS) {
            Answers.refused(read(container, path), 404);
        }
    }

    @Test
    void statesThatThereIsNoLedgerWithoutADatabase() throws Exception {
        var container = ground.container("none", ground.usual().withSecret("admin.token", ADMIN_TOKEN));
        assertThat(texts("dev.warder.ledger", Level.INFO))
                .anyMatch(text -> text.contains("no ledger") && text.contains("jdbc/warder"));
        assertThat(read(container, "/admin/").text()).contains("bind jdbc/warder");
        assertStatus(200, read(container, "/admin/panels/live.csv"));
        for (var path : List.of("/admin/panels/cost.csv", "/admin/api/ledger")) {
            assertThat(Answers.refused(read(container, path), 404)).contains("jdbc/warder");
        }
    }

    @Test
    void isNeverKeptAndRunsNothingForeign() throws Exception {
        var container = administered();
        for (var path : PATHS) {
            var answer = assertStatus(200, read(container, path));
            assertFields(answer.fields(), "cache-control", "no-store", "x-content-type-options", "nosniff");
            assertThat(ok(container, administrator(container, "HEAD", path)).body())
                    .isEmpty();
        }
        var page = read(container, "/admin/");
        assertThat(page.fields().values("content-security-policy"))
                .singleElement()
                .asString()
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
                .doesNotContain("unsafe", "http", "*");
        assertThat(page.fields().values("content-type"))
                .singleElement()
                .asString()
                .matches("text/html; ?charset=(?i:utf-8)");
        assertThat(page.text()).doesNotContain("style=", "<style", "=\"http", "=\"//", ADMIN_TOKEN);
        assertThat(read(container, "/admin/page.js")
                        .fields()
                        .first("content-type")
                        .orElseThrow())
                .startsWith("text/javascript");
        assertThat(read(container, "/admin/page.css")
                        .fields()
                        .first("content-type")
                        .orElseThrow())
                .startsWith("text/css");
    }

    @Test
    void leadsFromTheFolderToThePage() throws Exception {
        var answer = assertStatus(303, read(administered(), "/admin"));
        assertThat(answer.fields().first("location").orElseThrow()).endsWith("admin/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"range=year", "nodes=none", "range=hour&range=day"})
    void refusesRangesThatItDoesNotHave(String query) throws Exception {
        for (var path : List.of("/admin/?", "/admin/panels?", "/admin/panels/cost.csv?")) {
            Answers.refused(read(administered(), path + query), 400);
        }
    }

    @EachItem(
            """
            /admin/budgets/, /admin/budgets/panels.csv, /admin/panels/, /admin/panels/nothing.csv, /admin/panels/cost
            /admin/page.html""")
    void servesNoOtherPath(String path) throws Exception {
        Answers.refused(read(administered(), path), 404);
    }

    @Test
    void escapesTheNamesOfClients() throws Exception {
        var container = administered();
        upstream.next((request, reply) -> {
            request.body();
            reply.json(200, Messages.message("hi").replace("\"claude-test\"", Messages.quoted(HOSTILE)));
        });
        var message = authenticated(container, "POST", "/v1/messages")
                .field("X-Claude-Code-Session-Id", HOSTILE)
                .json("{\"model\":" + Messages.quoted(HOSTILE) + ",\"max_tokens\":9,\"messages\":[]}");
        ok(container, message);
        var refused = request(container, "POST", "/v1/messages")
                .field("x-api-key", "wrong-token-of-sixteen")
                .json("{}");
        assertStatus(401, send(container, refused));
        // What a report reads first: the rest of the same report has the row too.
        eventually(() -> read(container, "/admin/panels/tokens.csv").text().contains(",3,0,0,0,5,0\r\n"));
        assertThat(read(container, "/admin/panels/sessions.csv").text()).contains("onerror");
        for (var path : List.of("/admin/", "/admin/panels")) {
            var page = read(container, path).text();
            assertThat(page).doesNotContain("<img", "onerror=alert(1)>").contains(ESCAPED);
            assertThat(page).contains("authentication_error: ", "<td>401</td>");
        }
        assertThat(read(container, "/admin/panels/models.csv").text())
                .contains("\"<img src=x onerror=alert(1)>\"\"'&\",1,8,");
        assertThat(sum(read(container, "/admin/panels/requests.csv").text(), 1)).isEqualTo(1);
        // Requests without a valid token do not count: anyone who reaches the port can send them.
        assertThat(sum(read(container, "/admin/panels/requests.csv").text(), 2)).isZero();
        assertThat(read(container, "/admin/panels").text()).contains("requests without a known client since the start");
    }

    /** The fields are the client's: they reach the upstream as they are, and nothing here grows by them. */
    @Test
    void showsTheCostOfKindsOfWork() throws Exception {
        var container = ground.container(
                "classes",
                ground.usual()
                        .withDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")
                        .withSecret("admin.token", ADMIN_TOKEN));
        assertThat(read(container, "/admin/panels").text()).contains("CLAUDE_CODE_GATEWAY_HINT_HEADERS=1");
        log.clear();
        work(container, "main", "Explore", "prompt-1");
        work(container, "compaction", "fork", "prompt-1");
        var hostile = HOSTILE + "\t" + "x".repeat(10_000);
        work(container, hostile, hostile, hostile);
        work(container, "", "", "");
        eventually(() ->
                read(container, "/admin/api/ledger?format=jsonl").text().lines().count() == 4);
        var rows = read(container, "/admin/api/ledger?format=jsonl")
                .text()
                .lines()
                .map(Answers::json)
                .toList();
        assertThat(rows.stream().map(row -> row.get("request_class") + " " + row.get("agent_type")))
                .contains("\"main\" \"Explore\"", "\"compaction\" \"fork\"", "null null");
        assertThat(rows.stream()
                        .filter(row -> row.get("request_class").toString().equals("\"other\"")))
                .singleElement()
                .satisfies(row -> assertThat(row.getString("prompt_id"))
                        .isEqualTo((HOSTILE + "\ufffd" + "x".repeat(64)).substring(0, 64))
                        .isEqualTo(row.getString("agent_type")));
        assertThat(read(container, "/admin/api/ledger?format=csv")
                        .text()
                        .lines()
                        .findFirst())
                .get()
                .asString()
                .endsWith(",team,request_class,agent_type,prompt_id");
        var series =
                "warder_requests_total{class=\"%s\",dialect=\"anthropic\",end=\"ok\",route=\"messages\",status=\"200\"}";
        var cost = "warder_cost_usd_total{class=\"%s\",credential=\"primary\",model=\"claude-opus-5-5\"}";
        eventually(() -> scrape(container).samples().getOrDefault(series.formatted("none"), 0.0) == 1);
        for (var word : List.of("main", "compaction", "other", "none")) {
            assertThat(scrape(container).value(series.formatted(word))).as(word).isEqualTo(1);
            assertThat(scrape(container).value(cost.formatted(word))).as(word).isEqualTo(0.000112);
        }
        eventually(() -> read(container, "/admin/panels").text().contains("<b>25 %</b> none"));
        assertThat(read(container, "/admin/panels").text())
                .contains("<b>25 %</b> main", "<b>25 %</b> compaction", "<b>0 %</b> workflow")
                .doesNotContain("CLAUDE_CODE_GATEWAY_HINT_HEADERS", "<img");
        assertThat(read(container, "/admin/panels/classes.csv").text().lines().findFirst())
                .contains("client,main,subagent,workflow,compaction,auxiliary,other,none,cost_usd");
        assertThat(texts("dev.warder.access", Level.INFO).stream().filter(line -> line.contains("/v1/messages")))
                .hasSize(4)
                .noneMatch(line -> line.contains("xxx") || line.lines().count() != 1);
    }

    private void work(Container container, String requestClass, String agentType, String promptId) throws Exception {
        upstream.next((request, reply) -> {
            request.body();
            reply.json(200, Messages.message("hi").replace("claude-test", "claude-opus-5-5"));
        });
        var message = authenticated(container, "POST", "/v1/messages")
                .json("{\"model\":\"claude-opus-5-5\",\"max_tokens\":9,\"messages\":[]}");
        if (!requestClass.isEmpty()) {
            message.field("X-Claude-Code-Request-Class", requestClass)
                    .field("X-Claude-Code-Agent-Type", agentType)
                    .field("X-Claude-Code-Prompt-Id", promptId);
        }
        ok(container, message);
        assertThat(upstream.take().fields().first("x-claude-code-request-class").orElse(""))
                .isEqualTo(requestClass);
    }

    private static Scrape scrape(Container container) throws Exception {
        return Scrape.of(read(container, "/metrics").text());
    }

    @Test
    void welcomesABrowserAndNoProgram() throws Exception {
        for (var container : List.of(administered(), ground.container("bare", ground.bare()))) {
            var page = assertStatus(
                    200,
                    send(
                            container,
                            request(container, "GET", "/")
                                    .field("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")));
            assertThat(page.fields().values("cache-control")).containsExactly("no-store");
            assertThat(page.fields().first("content-security-policy").orElseThrow())
                    .startsWith("default-src 'none'");
            assertThat(page.text())
                    .contains("<h1>Warder</h1>", "href=\"health\"", "README.md")
                    .doesNotContain("0.1.0", ADMIN_TOKEN, "<script");
            boolean admin = read(container, "/admin/").status() == 200;
            assertThat(page.text().contains("href=\"admin/\"")).isEqualTo(admin);
            assertThat(admin).isEqualTo(container == administered());
        }
        var program = request(administered(), "GET", "/");
        Answers.refused(send(administered(), program), 401);
        var json = request(administered(), "GET", "/").field("Accept", "application/json, text/html");
        Answers.refused(send(administered(), json), 401);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void comesBackAfterSigningIn() throws Exception {
        var container = administered();
        var cookie = signIn(container, "overview", "./");
        var page = ok(container, request(container, "GET", "/admin/").field("Cookie", cookie));
        assertThat(page.text()).contains("class=\"panel", "action=\"./logout\"", "name=\"csrf\"");
    }

    /** The sum of a column of numbers. */
    private static long sum(String csv, int column) {
        return csv.lines()
                .skip(1)
                .mapToLong(line -> Long.parseLong(line.split(",")[column]))
                .sum();
    }

    private static RawResponse read(Container container, String path) throws Exception {
        return send(container, administrator(container, "GET", path));
    }
}
