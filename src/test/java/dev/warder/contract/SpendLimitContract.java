package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /v1/organizations} for tokens with the right {@code admin:read}, and for all others. */
class SpendLimitContract extends PolicyGround {
    private static final String EFFECTIVE = "/v1/organizations/spend_limits/effective";
    /** {@code auditor} may only read here, {@code chief} may use everything else too, {@code finance} only this path. */
    private static final String MEMBERS =
            """
            "organization": {"budgets": [{"amount": "1000", "period": "month"}]},
            "teams": [{"name": "blue", "budgets": [{"amount": "10.005", "period": "week"}]}],
            "clients": [
              {"name": "ada", "kind": "person", "token_names": ["laptop", "desktop"], "teams": ["blue"],
               "budgets": [{"amount": "5", "period": "day"}]},
              {"name": "auditor", "kind": "service", "models": ["no-model"]},
              {"name": "build", "kind": "service", "token_names": ["ci"]},
              {"name": "chief", "kind": "person"},
              {"name": "finance", "kind": "service", "paths": ["/v1/organizations/spend_limits/*"]},
              {"name": "writer", "kind": "service", "token_names": ["writer", "limited"], "paths": ["/v1/messages"]}
            ]
            """;

    @BeforeAll
    final void addReaders() throws IOException {
        addToken("auditor", "rights=admin:read");
        addToken("finance", "rights=admin:read");
        addToken("limited", "rights=admin:read");
        addToken("chief", "rights=passthrough,managed,workspace,admin:read");
    }

    @Test
    void showsWhatEachClientMaySpendAndHasSpentOnAllNodes() throws Exception {
        String database = database();
        var one = node("one", database);
        var other = node("other", database);
        assertThat(rows(get(one, "?user_ids%5B%5D=ada")))
                .containsExactly(
                        "ada daily 500 0 user", "ada weekly 1000 0 rbac_group", "ada monthly 100000 0 organization");
        // 1 dollar for a million tokens of input, and 5 of output: together 0.0031 dollars.
        for (var node : List.of(one, other)) {
            upstream.next(json(200, message(600, 500)));
            ok(node, request(node, "laptop", "POST", MESSAGES).json(body(MODEL)));
        }
        eventually(() -> rows(get(other, "?user_ids%5B%5D=ada&period%5B%5D=weekly"))
                .contains("ada weekly 1000 0.62 rbac_group"));
        assertThat(rows(get(one, "?period%5B%5D=monthly&user_ids%5B%5D=writer")))
                .containsExactly("writer monthly 100000 0.62 organization");
    }

    /** As Anthropic's SDKs read it: they ask for {@code next_page} until there is none. */
    @Test
    void hasPages() throws Exception {
        var node = node("pages", database());
        var seen = new ArrayList<String>();
        String query = "?limit=4&period%5B%5D=monthly&beta=true";
        var page = Answers.json(get(node, query));
        while (!page.isNull("next_page")) {
            assertThat(page.getJsonArray("data")).hasSize(4);
            seen.addAll(names(page));
            page = Answers.json(get(node, query + "&page=" + page.getString("next_page")));
        }
        seen.addAll(names(page));
        assertThat(seen).containsExactly("ada", "auditor", "build", "chief", "finance", "writer");
        assertThat(page.keySet()).containsExactly("data", "next_page");
        assertThat(page.getJsonArray("data").getJsonObject(0).keySet())
                .hasToString(
                        "[actor, amount, currency, period, period_to_date_spend, scope, source, " + "spend_limit_id]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=0", "?page=x", "?period%5B%5D=hourly", "?sort=spend_desc"})
    void refusesAQueryThatItDoesNotKnow(String query) throws Exception {
        var node = node("queries", database());
        Answers.refused(send(node, request(node, "chief", "GET", EFFECTIVE + query)), 400);
    }

    @Test
    void refusesABody() throws Exception {
        var node = node("queries", database());
        Answers.refused(send(node, request(node, "chief", "GET", EFFECTIVE).json("{}")), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void servesNoOtherMethod(String method) throws Exception {
        var node = node("queries", database());
        var answer = send(node, request(node, "chief", method, EFFECTIVE));
        Answers.refused(answer, 405);
        assertThat(answer.fields().values("allow")).containsExactly("GET");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void servesNoHead() throws Exception {
        var node = node("queries", database());
        assertStatus(405, send(node, request(node, "chief", "HEAD", EFFECTIVE)));
    }

    /** Also with a credential of its own, which would go upstream otherwise. */
    @EachItem(
            """
            GET /v1/organizations, GET /v1/organizations/me, POST /v1/organizations/spend_limits/effective/spl_x
            GET /v1/organizations/spend_limits/effective/, GET /v1/organizations/spend_limits/spl_x
            GET /v1/v1/organizations/usage_report/claude_code""")
    void servesNothingElseToAReader(String text) throws Exception {
        var node = node("queries", database());
        var words = text.split(" ", 2);
        for (String token : List.of("auditor", "chief")) {
            Answers.refused(send(node, request(node, token, words[0], words[1]).bearer(OWN_OAUTH)), 404);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void servesItBelowTheVersionThatClientsHaveInTheirAddress() throws Exception {
        var node = node("queries", database());
        assertStatus(200, send(node, request(node, "auditor", "GET", "/v1" + EFFECTIVE)));
    }

    @Test
    void remainsTheApiForEverybodyElse() throws Exception {
        var node = node("queries", database());
        forbidden(send(node, request(node, "laptop", "GET", EFFECTIVE)));
        assertStatus(200, send(node, request(node, "laptop", "GET", EFFECTIVE).bearer(OWN_OAUTH)));
        assertThat(upstream.take().target()).isEqualTo(EFFECTIVE);
        forbidden(send(node, request(node, "chief", "GET", "/anthropic" + EFFECTIVE)));
        Answers.refused(send(node, request(node, "GET", EFFECTIVE)), 401);
    }

    @Test
    void readingGivesNoInference() throws Exception {
        var node = node("queries", database());
        for (String target :
                List.of(MESSAGES, MESSAGES + "/count_tokens", "/v1/messages/batches", "/anthropic/v1/messages")) {
            forbidden(send(node, request(node, "finance", "POST", target).json(body(MODEL))));
        }
        var auditor = send(
                node,
                request(node, "auditor", "POST", MESSAGES).bearer(OWN_OAUTH).json(body("no-model")));
        Answers.refused(auditor, 401);
        assertThat(upstream.requests()).isEmpty();
    }

    /** Of {@code policy.file}; a limit of models does not concern what runs no model. */
    @Test
    void keepsTheLimitsOfPaths() throws Exception {
        var node = node("queries", database());
        assertStatus(200, get(node, "auditor", ""));
        assertStatus(200, get(node, "finance", ""));
        assertThat(forbidden(get(node, "limited", ""))).contains("writer may not use this path");
    }

    @Test
    void isEmptyWithoutAPolicyOrADatabase() throws Exception {
        var plain = ground.container("plain", ground.usual().with("clients.file", path("clients")));
        assertThat(get(plain, "auditor", "?limit=3").text()).isEqualTo("{\"data\":[],\"next_page\":null}");
        write(
                "warns",
                policy(
                        1,
                        CLIENTS.replace("\"writer\"", "\"auditor\"")
                                .replace(
                                        "\"paths\": [\"/v1/messages\", \"/v1/chat/completions\"]",
                                        "\"budgets\": [{\"amount\": \"1\", \"period\": \"day\", \"mode\": \"warn\"}]")));
        var warns = ground.container("warns", governed("warns"));
        awaitReady(warns);
        assertThat(get(warns, "auditor", "").text()).isEqualTo("{\"data\":[],\"next_page\":null}");
    }

    @Test
    void reportsADatabaseThatIsAway() throws Exception {
        String database = database();
        var node = node("away", database);
        assertStatus(200, get(node, ""));
        execute(database, "ALTER TABLE warder_budget_period RENAME TO elsewhere");
        var answer = send(node, request(node, "auditor", "GET", EFFECTIVE));
        assertThat(Answers.refused(answer, 503, "api_error")).contains("record of budgets");
        assertThat(answer.fields().values("retry-after")).containsExactly("5");
        assertThat(line(answer)).contains(" end=refused");
        execute(database, "ALTER TABLE elsewhere RENAME TO warder_budget_period");
        assertStatus(200, get(node, ""));
    }

    private Container node(String name, String database) throws Exception {
        write(name, policy(1, MEMBERS));
        var container = deployed(name, governed(name).withDatabase(database));
        awaitReady(container);
        return container;
    }

    private RawResponse get(Container node, String query) throws IOException {
        return get(node, "auditor", query);
    }

    private RawResponse get(Container node, String token, String query) throws IOException {
        return send(node, request(node, token, "GET", EFFECTIVE + query));
    }

    private static List<String> names(JsonObject page) {
        return page.getJsonArray("data").stream()
                .map(row -> row.asJsonObject().getJsonObject("actor").getString("name"))
                .toList();
    }

    private static List<String> rows(RawResponse answer) {
        assertStatus(200, answer);
        return Answers.json(answer).getJsonArray("data").stream()
                .map(each -> each.asJsonObject())
                .map(row -> String.join(
                        " ",
                        row.getJsonObject("actor").getString("user_id"),
                        row.getString("period"),
                        row.getString("amount"),
                        row.getString("period_to_date_spend"),
                        row.getJsonObject("source").getString("type")))
                .toList();
    }

    private static void execute(String database, String sql) throws Exception {
        try (var connection = BoundDatabase.of(database).getConnection()) {
            connection.createStatement().execute(sql);
        }
    }
}
