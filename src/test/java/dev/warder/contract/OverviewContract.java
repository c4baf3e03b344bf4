package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import java.util.List;
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
