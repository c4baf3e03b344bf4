package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Chromium;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page of budgets, with requests that spend, wait, are refused and are cut. A token of output costs 5,000 nano-dollars. */
class BudgetPageContract extends PolicyGround {
    private static final String PAGE = "/admin/budgets";
    private static final List<String> PATHS = List.of(PAGE, PAGE + "/panels", PAGE + "?find=ada");

    @Test
    void isForAdministratorsOnly() throws Exception {
        var container = node("quiet", "0.004");
        for (var path : PATHS) {
            assertText(401, send(container, request(container, "GET", path).bearer(secret("laptop"))))
                    .doesNotContain("payments", "blue", "class=\"panel");
            Answers.refused(send(container, request(container, "GET", path)), 401);
            assertText(401, send(container, request(container, "GET", path).field("Accept", "text/html")))
                    .contains("type=\"password\"", "name=\"next\" value=\"budgets\"")
                    .doesNotContain("blue", "class=\"panel", "<script");
            Answers.refused(send(container, administrator(container, "POST", path)), 405);
        }
        for (var query :
                List.of("find=" + "x".repeat(65), "team=" + "x".repeat(65), "page=0", "page=1000000", "page=x")) {
            Answers.refused(send(container, administrator(container, "GET", PAGE + "?" + query)), 400);
        }
    }

    @Test
    void comesBackAfterSigningIn() throws Exception {
        var container = node("quiet", "0.004");
        var cookie = signIn(container, "budgets", "budgets");
        var page = ok(
                container,
                request(container, "GET", PAGE).field("Cookie", cookie).field("Accept", "text/html"));
        assertThat(page.text()).contains("<h1>Budgets</h1>", "action=\"./logout\"", "name=\"csrf\"", "Team blue");
        assertFields(page.fields(), "cache-control", "no-store", "x-content-type-options", "nosniff");
        assertThat(page.fields().first("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
                .doesNotContain("unsafe", "http", "*");
        ok(container, administrator(container, "HEAD", PAGE));
    }

    @Test
    void showsWhatIsSpentAndFreeAndWhatWasRefused() throws Exception {
        var container = node("spends", "0.004");
        upstream.next(json(200, message(600, 500)));
        assertStatus(200, message(container, "laptop"));

        eventually(() -> ada(container).getString("spent", "").equals("0.003100000"));
        var ada = ada(container);
        assertThat(ada.getString("budget")).isEqualTo("client/ada/day");
        assertThat(ada.getString("amount")).isEqualTo("0.004000000");
        assertThat(ada.getString("overage")).isEqualTo("0.000000000");
        // The node keeps a part of the rest ready for further requests.
        assertThat(dollars(ada, "free").add(dollars(ada, "reserved"))).isEqualByComparingTo("0.0009");
        assertThat(dollars(ada, "free")).isPositive();
        assertThat(panels(container)).contains("title=\"$0.003100000\">$0.0031</td>");

        Answers.refused(message(container, "laptop"), 429, "billing_error");
        assertThat(json(container).getJsonArray("events").getJsonObject(0).toString())
                .contains(
                        "\"client\":\"ada\"",
                        "\"model\":\"" + MODEL + "\"",
                        "\"budgets\":[\"client/ada/day\"]",
                        "\"event\":\"too_small\"");
        assertThat(panels(container))
                .contains("<td>client/ada/day</td><td>refused: the rest does not cover the request</td>");
        assertThat(panels(container)).doesNotContain(secret("laptop"), ADMIN_TOKEN);
    }

    @Test
    void showsRequestsOnlyWhileTheyWait() throws Exception {
        // One request holds more than half of it.
        var container = node("waits", "0.0025");
        var goesOn = latch();
        next(json(goesOn, 200, message(10, 1)), json(200, message(10, 1)));

        try (var first = connect(container);
                var second = connect(container)) {
            int before = upstream.requests().size();
            first.send(request(container, "laptop", "POST", MESSAGES).json(body(MODEL)));
            eventually(() -> upstream.requests().size() == before + 1);
            assertThat(json(container).getJsonArray("waiting")).isEmpty();
            second.send(request(container, "desktop", "POST", MESSAGES).json(body(MODEL)));
            eventually(() -> !json(container).getJsonArray("waiting").isEmpty());
            assertThat(json(container).getJsonArray("waiting").getJsonObject(0).toString())
                    .contains("\"client\":\"ada\"", "\"budgets\":[\"client/ada/day\"]", "\"reason\":\"running\"");
            assertThat(panels(container)).contains("running requests hold the rest");
            // What the first one holds is reserved.
            eventually(() -> ada(container).getString("reserved", "").compareTo("0.001250000") > 0);
            goesOn.countDown();
            assertStatus(200, first.readResponse());
            assertStatus(200, second.readResponse());
        } finally {
            goesOn.countDown();
        }
        assertThat(json(container).getJsonArray("waiting")).isEmpty();
        assertThat(panels(container)).doesNotContain("running requests hold the rest");
    }

    @Test
    void showsAResponseThatWasCut() throws Exception {
        var container = node("cuts", "0.012");
        var cut = latch();
        upstream.next(Script.heldEvents(cut, Messages.start().replace("claude-test", MODEL)));
        try (var client = connect(container)) {
            var head = client.send(request(container, "laptop", "POST", MESSAGES)
                            .json("{\"model\":\"" + MODEL + "\",\"max_tokens\":100000,\"stream\":true}"))
                    .readHead();
            assertThat(client.readBody(head).text()).contains("billing_error");
        } finally {
            cut.countDown();
        }
        assertThat(panels(container))
                .contains("<td>client/ada/day</td><td>response cut: nothing was left to reserve</td>");
    }

    @Tag("turn-only")
    @Tag("turn-8")
    @Test
    void refreshesItselfInABrowser() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        var container = node("browser", "0.004");
        try (var browser = Chromium.startWithScripts()) {
            browser.open(URI.create(container.baseUri() + PAGE));
            browser.awaitFocus("textbox", "Administrator's token (admin.token)");
            browser.type(ADMIN_TOKEN);
            browser.press(Chromium.Key.ENTER);
            browser.await("heading", "Budgets");
            browser.await("heading", "Last cuts and refusals on this node");
            browser.evaluate("window.same = true; 'done'");
            upstream.next(json(200, message(600, 500)));
            assertStatus(200, message(container, "laptop"));
            browser.awaitValue("String(document.getElementById('b-tree').textContent.includes('$0.0031'))", "true");
            browser.screenshot(Path.of("target", "budgets-page.png"));
            assertThat(browser.evaluate("String(window.same)")).isEqualTo("true");
            assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint)
                    .contains("the server responded with a status of 401"));
            assertThat(browser.requests()).isNotEmpty().allSatisfy(address -> assertThat(address.getHost())
                    .isEqualTo("127.0.0.1"));
        }
    }

    private Container node(String name, String amount) throws Exception {
        upstream.clear();
        var clients = CLIENTS.replace(
                "\"token_names\": [\"laptop\", \"desktop\"]",
                "\"token_names\": [\"laptop\", \"desktop\"], \"budgets\": [{\"amount\": \"" + amount
                        + "\", \"period\": \"day\"}]");
        write(name, policy(1, clients));
        String database = database();
        var container = deployed(
                "budgets-" + name,
                governed(name)
                        .with("budget.default", "unlimited")
                        .withSecret("admin.token", ADMIN_TOKEN)
                        .withDatabase(database));
        awaitReady(container);
        return container;
    }

    private static String panels(Container container) throws Exception {
        return (ok(container, administrator(container, "GET", PAGE + "/panels"))).text();
    }

    private static JsonObject json(Container container) throws Exception {
        var answer = ok(container, administrator(container, "GET", PAGE));
        assertThat(answer.fields().first("content-type").orElseThrow()).startsWith("application/json");
        return Answers.json(answer);
    }

    /** The budget of the only client that has one. */
    private static JsonObject ada(Container container) throws Exception {
        for (var team : json(container).getJsonArray("teams").getValuesAs(JsonObject.class)) {
            var budgets = team.getJsonObject("clients").getJsonArray("budgets");
            if (!budgets.isEmpty()) {
                return budgets.getJsonObject(0);
            }
        }
        throw new AssertionError("no budget of a client");
    }

    private static BigDecimal dollars(JsonObject budget, String member) {
        return new BigDecimal(budget.getString(member));
    }
}
