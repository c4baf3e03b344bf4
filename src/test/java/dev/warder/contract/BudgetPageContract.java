package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Chromium;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.Script;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
            var client = Ground.send(
                    container,
                    Ground.request(container, "GET", path).field("Authorization", "Bearer " + secret("laptop")));
            assertThat(client.status()).isEqualTo(401);
            assertThat(client.text()).doesNotContain("payments", "blue", "class=\"panel");
            Answers.refused(
                    Ground.send(container, Ground.request(container, "GET", path)), 401, "authentication_error");
            var browser = Ground.send(
                    container, Ground.request(container, "GET", path).field("Accept", "text/html"));
            assertThat(browser.status()).isEqualTo(401);
            assertThat(browser.text())
                    .contains("type=\"password\"", "name=\"next\" value=\"budgets\"")
                    .doesNotContain("blue", "class=\"panel", "<script");
            Answers.refused(
                    Ground.send(container, administrator(container, "POST", path)), 405, "invalid_request_error");
        }
        for (var query :
                List.of("find=" + "x".repeat(65), "team=" + "x".repeat(65), "page=0", "page=1000000", "page=x")) {
            Answers.refused(
                    Ground.send(container, administrator(container, "GET", PAGE + "?" + query)),
                    400,
                    "invalid_request_error");
        }
    }

    @Test
    void comesBackAfterSigningIn() throws Exception {
        var container = node("quiet", "0.004");
        var signIn = Ground.request(container, "POST", "/admin/login")
                .field("Content-Type", "application/x-www-form-urlencoded")
                .body(("next=budgets&token=" + ADMIN_TOKEN).getBytes(StandardCharsets.UTF_8));
        var answer = Ground.send(container, signIn);
        assertThat(answer.fields().first("location").orElseThrow()).endsWith("budgets");
        var cookie = answer.fields().first("set-cookie").orElseThrow().replaceFirst(";.*", "");
        var page = ok(
                container,
                Ground.request(container, "GET", PAGE).field("Cookie", cookie).field("Accept", "text/html"));
        assertThat(page.text()).contains("<h1>Budgets</h1>", "action=\"./logout\"", "name=\"csrf\"", "Team blue");
        assertThat(page.fields().values("cache-control")).containsExactly("no-store");
        assertThat(page.fields().values("x-content-type-options")).containsExactly("nosniff");
        assertThat(page.fields().first("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
                .doesNotContain("unsafe", "http", "*");
        ok(container, administrator(container, "HEAD", PAGE));
    }

    @Test
    void showsWhatIsSpentAndFreeAndWhatWasRefused() throws Exception {
        var container = node("spends", "0.004");
        ground.upstream().next((request, reply) -> reply.json(200, message(600, 500)));
        assertThat(message(container, "laptop").status()).isEqualTo(200);

        Eventually.holds(PATIENCE, () -> ada(container).getString("spent", "").equals("0.003100000"));
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
        var goesOn = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            reply.await(goesOn);
            reply.json(200, message(10, 1));
        });
        ground.upstream().next((request, reply) -> reply.json(200, message(10, 1)));

        try (var first = RawClient.connect(container.baseUri());
                var second = RawClient.connect(container.baseUri())) {
            int before = ground.upstream().requests().size();
            first.send(request(container, "laptop", "POST", MESSAGES).json(body(MODEL)));
            Eventually.holds(PATIENCE, () -> ground.upstream().requests().size() == before + 1);
            assertThat(json(container).getJsonArray("waiting")).isEmpty();
            second.send(request(container, "desktop", "POST", MESSAGES).json(body(MODEL)));
            Eventually.holds(
                    PATIENCE, () -> !json(container).getJsonArray("waiting").isEmpty());
            assertThat(json(container).getJsonArray("waiting").getJsonObject(0).toString())
                    .contains("\"client\":\"ada\"", "\"budgets\":[\"client/ada/day\"]", "\"reason\":\"running\"");
            assertThat(panels(container)).contains("running requests hold the rest");
            // What the first one holds is reserved.
            Eventually.holds(
                    PATIENCE, () -> ada(container).getString("reserved", "").compareTo("0.001250000") > 0);
            goesOn.countDown();
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
        } finally {
            goesOn.countDown();
        }
        assertThat(json(container).getJsonArray("waiting")).isEmpty();
        assertThat(panels(container)).doesNotContain("running requests hold the rest");
    }

    @Test
    void showsAResponseThatWasCut() throws Exception {
        var container = node("cuts", "0.012");
        var cut = new CountDownLatch(1);
        ground.upstream().next(Script.heldEvents(cut, Messages.start().replace("claude-test", MODEL)));
        try (var client = RawClient.connect(container.baseUri())) {
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
            ground.upstream().next((request, reply) -> reply.json(200, message(600, 500)));
            assertThat(message(container, "laptop").status()).isEqualTo(200);
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
        ground.upstream().clear();
        var clients = CLIENTS.replace(
                "\"token_names\": [\"laptop\", \"desktop\"]",
                "\"token_names\": [\"laptop\", \"desktop\"], \"budgets\": [{\"amount\": \"" + amount
                        + "\", \"period\": \"day\"}]");
        write(name, policy(1, clients));
        String database = database();
        var container = ground.container(
                "budgets-" + name,
                governed(name)
                        .with("budget.default", "unlimited")
                        .withSecret("admin.token", ADMIN_TOKEN)
                        .withDatabase(database));
        assertThat(container.deployed()).isTrue();
        awaitReady(container);
        return container;
    }

    private static String panels(Container container) throws Exception {
        var answer = ok(container, administrator(container, "GET", PAGE + "/panels"));
        return answer.text();
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
