package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of administrators as bytes: who gets it, what it may do in a browser, and that no name becomes markup. */
class OverviewContract extends GroundContract {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'&";
    private static final String ESCAPED = "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;";
    private static final List<String> PATHS = List.of(
            "/admin/",
            "/admin/panels",
            "/admin/budgets/panels",
            "/admin/panels/requests.csv",
            "/admin/panels/sessions.csv?range=month&nodes=this",
            "/admin/page.css",
            "/admin/page.js");

    @Test
    void isForAdministratorsOnly() throws Exception {
        var container = administered();
        for (var path : PATHS) {
            var other = Ground.send(
                    container,
                    Ground.request(container, "GET", path).field("Authorization", "Bearer " + Contract.ACCESS_TOKEN));
            assertThat(other.status()).isEqualTo(401);
            assertThat(other.text()).doesNotContain("class=\"panel");
            var stranger = Ground.send(container, Ground.request(container, "GET", path));
            Answers.refused(stranger, 401, "authentication_error");
            var browser = Ground.send(
                    container, Ground.request(container, "GET", path).field("Accept", "text/html"));
            assertThat(browser.status()).isEqualTo(401);
            assertThat(browser.text()).contains("type=\"password\"").doesNotContain("class=\"panel", "<script");
        }
    }

    @Test
    void isNotThereWithoutItsSetting() throws Exception {
        var container = ground.container();
        for (var path : PATHS) {
            Answers.refused(read(container, path), 404, "not_found_error");
        }
    }

    @Test
    void statesThatThereIsNoLedgerWithoutADatabase() throws Exception {
        var container = ground.container("none", ground.usual().withSecret("admin.token", ADMIN_TOKEN));
        assertThat(ground.log().lines("dev.warder.ledger", Level.INFO))
                .extracting(LogLine::text)
                .anyMatch(text -> text.contains("no ledger") && text.contains("jdbc/warder"));
        assertThat(read(container, "/admin/").text()).contains("bind jdbc/warder");
        assertThat(read(container, "/admin/panels/live.csv").status()).isEqualTo(200);
        for (var path : List.of("/admin/panels/cost.csv", "/admin/api/ledger")) {
            assertThat(Answers.refused(read(container, path), 404, "not_found_error"))
                    .contains("jdbc/warder");
        }
    }

    @Test
    void isNeverKeptAndRunsNothingForeign() throws Exception {
        var container = administered();
        for (var path : PATHS) {
            var answer = read(container, path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
            assertThat(answer.fields().values("x-content-type-options")).containsExactly("nosniff");
            var head = ok(container, administrator(container, "HEAD", path));
            assertThat(head.body()).isEmpty();
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
        var answer = read(administered(), "/admin");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.fields().first("location").orElseThrow()).endsWith("admin/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"range=year", "nodes=none", "range=hour&range=day"})
    void refusesRangesThatItDoesNotHave(String query) throws Exception {
        for (var path : List.of("/admin/?", "/admin/panels?", "/admin/panels/cost.csv?")) {
            Answers.refused(read(administered(), path + query), 400, "invalid_request_error");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/budgets/",
                "/admin/budgets/panels.csv",
                "/admin/panels/",
                "/admin/panels/nothing.csv",
                "/admin/panels/cost",
                "/admin/page.html"
            })
    void servesNoOtherPath(String path) throws Exception {
        Answers.refused(read(administered(), path), 404, "not_found_error");
    }

    @Test
    void escapesTheNamesOfClients() throws Exception {
        var container = administered();
        ground.upstream().next((request, reply) -> {
            request.body();
            reply.json(200, Messages.message("hi").replace("\"claude-test\"", Messages.quoted(HOSTILE)));
        });
        var message = Ground.request(container, "POST", "/v1/messages")
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .field("X-Claude-Code-Session-Id", HOSTILE)
                .json("{\"model\":" + Messages.quoted(HOSTILE) + ",\"max_tokens\":9,\"messages\":[]}");
        ok(container, message);
        var refused = Ground.request(container, "POST", "/v1/messages")
                .field("x-api-key", "wrong-token-of-sixteen")
                .json("{}");
        assertThat(Ground.send(container, refused).status()).isEqualTo(401);
        Eventually.holds(
                Duration.ofSeconds(20),
                () -> read(container, "/admin/panels/sessions.csv").text().contains("onerror"));
        for (var path : List.of("/admin/", "/admin/panels")) {
            var page = read(container, path).text();
            assertThat(page).doesNotContain("<img", "onerror=alert(1)>").contains(ESCAPED);
            assertThat(page).contains("authentication_error: ", "<td>401</td>");
        }
        assertThat(read(container, "/admin/panels/models.csv").text())
                .contains("\"<img src=x onerror=alert(1)>\"\"'&\",1,8,");
        assertThat(read(container, "/admin/panels/tokens.csv").text()).contains(",3,0,0,0,5,0\r\n");
        assertThat(sum(read(container, "/admin/panels/requests.csv").text(), 1)).isEqualTo(1);
        // Requests without a valid token do not count: anyone who reaches the port can send them.
        assertThat(sum(read(container, "/admin/panels/requests.csv").text(), 2)).isZero();
        assertThat(read(container, "/admin/panels").text()).contains("requests without a known client since the start");
    }

    @Test
    void welcomesABrowserAndNoProgram() throws Exception {
        for (var container : List.of(administered(), ground.container("bare", ground.bare()))) {
            var page = Ground.send(
                    container,
                    Ground.request(container, "GET", "/").field("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
            assertThat(page.status()).isEqualTo(200);
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
        var program = Ground.request(administered(), "GET", "/");
        Answers.refused(Ground.send(administered(), program), 401, "authentication_error");
        var json = Ground.request(administered(), "GET", "/").field("Accept", "application/json, text/html");
        Answers.refused(Ground.send(administered(), json), 401, "authentication_error");
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void comesBackAfterSigningIn() throws Exception {
        var container = administered();
        var signIn = Ground.request(container, "POST", "/admin/login")
                .field("Content-Type", "application/x-www-form-urlencoded")
                .body(("next=overview&token=" + ADMIN_TOKEN).getBytes(StandardCharsets.UTF_8));
        var answer = Ground.send(container, signIn);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.fields().first("location").orElseThrow()).endsWith("./");
        var cookie = answer.fields().first("set-cookie").orElseThrow().replaceFirst(";.*", "");
        var page = ok(container, Ground.request(container, "GET", "/admin/").field("Cookie", cookie));
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
        return Ground.send(container, administrator(container, "GET", path));
    }
}
