package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page that tries a budget on a month of the ledger. */
class WhatIfContract extends PrincipalGround {
    private static final String PAGE = "/admin/what-if";

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    WhatIfContract(Container.Starter starter) {
        super(starter);
    }

    private static RawResponse get(Container node, String query) throws IOException {
        return Ground.send(node, administrator(node, "GET", PAGE + query).field("accept", "text/html"));
    }

    /** A trial of the present month. */
    private static String trial(String scope, String name, String amount) {
        return "?scope=" + scope + "&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&amount=" + amount
                + "&period=month&month=" + YearMonth.now(ZoneOffset.UTC);
    }

    @Test
    void triesABudgetOnWhatWasSpent() throws Exception {
        try (var node = node("spent", postgres.anotherAddress())) {
            admin(node, "POST", "teams", "{'name': 'blue'}");
            createClient(node, "ada", ", 'teams': ['blue'], 'budgets': 'unlimited'");
            createClient(node, "bob", ", 'budgets': 'unlimited'");
            createToken(node, "laptop", "ada", "");
            createToken(node, "desk", "bob", "");
            assertThat(get(node, "").text())
                    .contains("<h1>What if</h1>", "value=\"UTC\"")
                    .doesNotContain("id=\"result\"", "role=\"alert\"");
            assertThat(get(node, trial("each_client", "", "0")).text())
                    .contains("There are no requests with a cost in that time.");
            for (int i = 0; i < 2; i++) {
                Eventually.holds(PATIENCE, () -> status(node, "laptop") == 200);
            }
            Eventually.holds(PATIENCE, () -> status(node, "desk") == 200);
            Eventually.holds(
                    PATIENCE,
                    () -> get(node, trial("each_client", "", "0")).text().contains("3 requests cost"));

            var each = get(node, trial("each_client", "", "0"));
            assertThat(each.status()).isEqualTo(200);
            assertThat(each.text())
                    .contains("About 3 requests for $", "(100 %) would have been refused. 2 of 2 would have reached")
                    .contains("<th scope=\"row\">ada</th>", "<th scope=\"row\">bob</th>")
                    .doesNotContain("<script");
            assertThat(get(node, trial("each_client", "", "900")).text())
                    .contains("Nothing would have been refused. 0 of 2 would have reached");
            assertThat(get(node, trial("team", "blue", "0")).text())
                    .contains("2 requests cost", "The amount would have been reached in 1 of 1 months with requests.");
            assertThat(get(node, trial("organization", "", "0")).text()).contains("3 requests cost");
            assertThat(get(node, trial("client", "unknown", "0")).text())
                    .contains("There are no requests with a cost in that time.");

            var csv = get(node, trial("each_client", "", "0") + "&format=csv");
            assertThat(csv.fields().first("content-type").orElseThrow()).startsWith("text/csv");
            assertThat(csv.fields().first("content-disposition"))
                    .hasValue("attachment; filename=\"warder-what-if.csv\"");
            assertThat(csv.text().lines().toList())
                    .hasSize(3)
                    .first()
                    .isEqualTo("client,spent,refused,requests,requests_refused,periods,periods_reached");
        }
    }

    @Test
    void isForAdministratorsOnlyAndNamesWhatIsWrong() throws Exception {
        try (var node = node("wrong", postgres.anotherAddress())) {
            createClient(node, "boss", ", 'budgets': 'unlimited'");
            createToken(node, "boss", "boss", "'rights': ['admin:write']");
            String query = trial("each_client", "", "1");
            Answers.refused(Ground.send(node, Ground.request(node, "GET", PAGE + query)), 401, "authentication_error");
            var token = Ground.send(
                    node, Ground.request(node, "GET", PAGE + query).field("authorization", "Bearer " + issued("boss")));
            assertThat(token.status()).as("access tokens open no page").isEqualTo(401);
            Answers.refused(Ground.send(node, administrator(node, "POST", PAGE)), 405, "invalid_request_error");

            for (var wrong :
                    List.of("scope=all", "amount=1e3", "amount=-1", "period=lifetime", "zone=Mars", "month=x")) {
                String name = wrong.substring(0, wrong.indexOf('='));
                var reply = get(node, query.replaceAll(name + "=[^&]*&?", "") + "&" + wrong);
                assertThat(reply.status()).as(wrong).isEqualTo(400);
                assertThat(reply.text()).contains("role=\"alert\"").doesNotContain("id=\"result\"");
            }
            assertThat(get(node, trial("client", "", "1")).text())
                    .contains("Name: is required for one client or one team");
            assertThat(get(node, trial("client", "x".repeat(300), "1")).status())
                    .isEqualTo(400);
            assertThat(get(node, "?amount=1&amount=2").status()).isEqualTo(400);
            var hostile = get(node, trial("client", "\"><script>x</script>", "1"));
            assertThat(hostile.text()).contains("&lt;script&gt;x").doesNotContain("<script");
            assertThat(hostile.fields().first("content-security-policy").orElseThrow())
                    .startsWith("default-src 'none';");
            assertThat(ground.log().leaks()).isEmpty();
        }
    }
}
