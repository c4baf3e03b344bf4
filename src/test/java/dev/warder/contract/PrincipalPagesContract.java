package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconciliation.store.LedgerSample;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The forms on the pages of clients, teams, tokens and the audit: what they change, and what they refuse. */
class PrincipalPagesContract extends PrincipalGround {
    private static final Pattern FIELD = Pattern.compile("name=\"(csrf|revision)\" value=\"([^\"]*)\"");
    private static final Pattern NEXT = Pattern.compile("<a href=\"([^\"]*)\">Next page</a>");
    private static final Pattern CLIENT = Pattern.compile("<th scope=\"row\"><a href=\"[^\"]*\">([^<]*)</a>");
    private static final Pattern SECRET = Pattern.compile("<code>(wrd_[a-z2-7]{8}_[a-z2-7]{59})</code>");
    private static final List<String> PATHS = List.of(
            "clients",
            "clients/victim",
            "new/client",
            "teams",
            "tags",
            "models",
            "organization",
            "sessions",
            "tokens",
            "tokens/aaaaaaaa",
            "limits",
            "audit");

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    PrincipalPagesContract(Container.Starter starter) {
        super(starter);
    }

    /** A browser that is signed in. */
    private record Session(Container node, String cookie) {
        RawResponse get(String page) throws IOException {
            return Ground.send(node, request("GET", page));
        }

        RawRequest request(String method, String page) {
            return Ground.request(node, method, "/admin/" + page)
                    .field("accept", "text/html")
                    .field("cookie", cookie);
        }

        /** Sends a form with the hidden fields of its page. */
        RawResponse post(String page, Map<String, String> fields) throws IOException {
            return post(page, fields, get(page).text());
        }

        RawResponse post(String page, Map<String, String> fields, String loaded) throws IOException {
            var all = new TreeMap<>(fields);
            var hidden = FIELD.matcher(loaded);
            while (hidden.find()) {
                all.putIfAbsent(hidden.group(1), hidden.group(2));
            }
            return send(page, all);
        }

        RawResponse send(String page, Map<String, String> fields) throws IOException {
            return Ground.send(node, form(request("POST", page).field("sec-fetch-site", "same-origin"), fields));
        }

        @Override
        public String toString() {
            return "Session";
        }
    }

    private static RawRequest form(RawRequest request, Map<String, String> fields) {
        var body = fields.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return request.field("Content-Type", "application/x-www-form-urlencoded")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static RawResponse signIn(Container node, Map<String, String> fields) throws IOException {
        var all = new TreeMap<>(fields);
        all.put("token", ADMIN_TOKEN);
        return Ground.send(
                node, form(Ground.request(node, "POST", "/admin/login").field("accept", "text/html"), all));
    }

    private static Session session(Container node, String person) throws IOException {
        var reply = signIn(node, Map.of("person", person));
        assertThat(reply.status()).isEqualTo(303);
        String cookie = reply.fields().first("set-cookie").orElseThrow();
        return new Session(node, cookie.substring(0, cookie.indexOf(';')));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Map<String, String> save(String definition) {
        return Map.of("action", "save", "definition", json(definition));
    }

    private JsonObject definition(Container node, String resource) throws IOException {
        return done(admin(node, "GET", resource)).getJsonObject("definition");
    }

    private String lastActor(Container node) throws IOException {
        var entries = done(admin(node, "GET", "audit?limit=1000")).getJsonArray("data");
        return entries.getJsonObject(entries.size() - 1).getString("actor");
    }

    @Test
    void requestsForHigherLimitsAreApprovedAndDenied() throws Exception {
        try (var node = node("increases", postgres.anotherAddress())) {
            createClient(node, "ada", ", 'budgets': [{'amount': '0', 'period': 'day'}]");
            createToken(node, "laptop", "ada", "");
            var grace = session(node, "grace");
            assertThat(grace.get("increases").text()).contains("No request waits.");
            for (var period : List.of("daily", "monthly")) {
                created(admin(
                        node,
                        "POST",
                        "increase_requests",
                        "{'client': 'ada', 'period': '" + period
                                + "', 'amount': '750', 'reason': '<script>x</script>'}"));
            }
            var page = grace.get("increases").text();
            assertThat(page)
                    .contains("<td class=\"n\">0</td>", "value=\"7.50\"", "&lt;script&gt;x")
                    .doesNotContain("<script");
            var wrong = grace.post("increases", decision("approve", "slir_1", "7.505"));
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.text()).contains("must be US dollars");
            assertThat(grace.post("increases", decision("approve", "slir_9", "1"))
                            .status())
                    .isEqualTo(404);
            var approved = grace.post("increases", decision("approve", "slir_1", "7.5"));
            assertThat(approved.status()).as(approved.text()).isEqualTo(303);
            // A node that makes the tables of a new database cannot use budgets for a moment.
            Eventually.holds(PATIENCE, () -> status(node, "laptop") == 200);
            var again = grace.post("increases", decision("approve", "slir_1", "8"));
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.text()).contains("The request is not pending: it is approved.");
            assertThat(grace.post("increases", decision("deny", "slir_2", "")).status())
                    .isEqualTo(303);
            assertThat(lastActor(node)).isEqualTo("admin.token (grace)");
            assertThat(grace.get("increases").text())
                    .contains("No request waits.", ">approved</td>", ">denied</td>", ">admin.token (grace)</td>");
            assertThat(definition(node, "clients/ada").toString()).contains("\"amount\":\"7.50\"");
        }
    }

    @Test
    void requestsForHigherLimitsAreFoundAndPaged() throws Exception {
        String database = postgres.anotherAddress();
        try (var node = node("decided", database)) {
            var sample = new LedgerSample(BoundDatabase.of(database));
            sample.execute(
                    """
                    INSERT INTO warder_increase_request (number, client, budget_period, reason, made_at, pending,
                        resolved_at, resolved_by)
                    SELECT n, 'Person-' || n, 'day', '', now(), NULL, now(), 'grace' FROM generate_series(1001, 1130) n
                    """);
            sample.execute(
                    "INSERT INTO warder_increase_request (number, client, budget_period, reason, made_at, pending)"
                            + " SELECT n, 'waits-' || n, 'day', '', now(), TRUE FROM generate_series(1, 101) n");
            var grace = session(node, "grace");
            var first = grace.get("increases").text();
            assertThat(clients(first)).startsWith("waits-101").contains("waits-2", "Person-1130", "Person-1031");
            assertThat(clients(first)).hasSize(200).doesNotContain("waits-1", "Person-1030");
            var links = NEXT.matcher(first).results().map(each -> each.group(1)).toList();
            assertThat(links).hasSize(2);
            assertThat(clients(grace.get(address(links.get(0))).text())).containsExactly("waits-1");
            var older = grace.get(address(links.get(1))).text();
            assertThat(clients(older)).hasSize(30).startsWith("Person-1030").endsWith("Person-1001");
            assertThat(older).contains(">First page</a>", ">Show all</a>").doesNotContain(">Next page</a>");
            assertThat(clients(grace.get("increases?find=pERSON-112").text()))
                    .containsExactly(
                            "Person-1129",
                            "Person-1128",
                            "Person-1127",
                            "Person-1126",
                            "Person-1125",
                            "Person-1124",
                            "Person-1123",
                            "Person-1122",
                            "Person-1121",
                            "Person-1120");
            assertThat(grace.get("increases?find=%25").text()).contains("No request of such a client waits.");
            assertThat(grace.get("increases?state=decided&find=waits").text()).contains("No such request is decided.");
            assertThat(grace.get("increases?page=page_YQ").status()).isEqualTo(400);
            assertThat(grace.get("increases?find=" + "x".repeat(201)).status()).isEqualTo(400);
        }
    }

    private static List<String> clients(String page) {
        return CLIENT.matcher(page).results().map(each -> each.group(1)).toList();
    }

    private static String address(String link) {
        return link.replace("&amp;", "&").replaceFirst("^(\\./)?", "");
    }

    private static Map<String, String> decision(String action, String id, String amount) {
        return Map.of("action", action, "request", id, "amount", amount);
    }

    @Test
    void aClientIsCreatedChangedAndRemovedUnderTheNameOfThePerson() throws Exception {
        var node = node("forms", postgres.anotherAddress());
        var grace = session(node, "grace");
        var created = grace.post(
                "new/client", Map.of("action", "create", "definition", json("{'name': 'ada', 'kind': 'person'}")));
        assertThat(created.status()).as(created.text()).isEqualTo(303);
        assertThat(created.fields().first("location")).hasValue("./../clients/ada");
        assertThat(lastActor(node)).isEqualTo("admin.token (grace)");
        var saved = grace.post(
                "clients/ada", save("{'name': 'ada', 'kind': 'service', 'limits': {'requests_per_minute': 60}}"));
        assertThat(saved.status()).as(saved.text()).isEqualTo(303);
        assertThat(definition(node, "clients/ada").getString("kind")).isEqualTo("service");
        assertThat(grace.get("limits").text()).contains(">ada</a>", "<td class=\"n\">60</td>");
        assertThat(grace.get("clients?find=AD").text()).contains("1 client, 1 found", ">ada</a>");
        assertThat(grace.get("clients?find=x").text())
                .contains("1 client, 0 found")
                .doesNotContain(">ada</a>");
        var unsure = grace.post("clients/ada", Map.of("action", "remove"));
        assertThat(unsure.status()).isEqualTo(400);
        assertThat(unsure.text()).contains("check the box");
        var removed = grace.post("clients/ada", Map.of("action", "remove", "sure", "yes"));
        assertThat(removed.fields().first("location")).hasValue("./../clients");
        assertThat(grace.get("clients/ada").status()).isEqualTo(404);
        assertThat(grace.get("audit?find=CLIENT/ada").text())
                .contains("3 entries found", "admin.token (grace)", "kind, limits", "<td class=\"w\">remove</td>");
    }

    @Test
    void aRefusedFormIsShownAgainWithTheReasonAndTheText() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var session = session(node, "");
        var unknown = session.post("clients/ada", save("{'name': 'ada', 'kind': 'service', 'colour': '<b>\u202e'}"));
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text())
                .contains("colour: unknown member", "&quot;colour&quot;: &quot;&lt;b&gt;\\u202e&quot;")
                .doesNotContain("<b>", "\u202e");
        var malformed = session.post("clients/ada", save("{'name': 'ada', 'name': 'x'"));
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.text()).contains("This is not one JSON object", "{&quot;name&quot;: &quot;ada&quot;, ");
        var nameless = session.post("new/client", Map.of("action", "create", "definition", "{}"));
        assertThat(nameless.text()).contains("name: must be a string.");
        var again = session.post(
                "new/client", Map.of("action", "create", "definition", json("{'name': 'ada', 'kind': 'person'}")));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text()).contains("client/ada exists already.", "&quot;person&quot;");
        var token = session.post(
                "clients/ada",
                Map.of("action", "create", "name", "t", "expires", "2020-01-31", "terms", json("{'tags': ['kept']}")));
        assertThat(token.status()).isEqualTo(400);
        assertThat(token.text())
                .contains(
                        "expires: must be in the future.",
                        "value=\"2020-01-31\"",
                        "{&quot;tags&quot;: [&quot;kept&quot;]}");
        assertThat(done(admin(node, "GET", "tokens")).getJsonArray("data"))
                .noneMatch(each -> each.asJsonObject().getString("name").equals("t"));
        var large = session.post("clients/ada", save("{'name': 'ada', 'kind': '" + "\u00e4".repeat(70_000) + "'}"));
        assertThat(large.status()).isIn(400, 413);
        assertThat(definition(node, "clients/ada")).hasToString(json("{'name':'ada','kind':'service'}"));
    }

    @Test
    void theSecondOfTwoAdministratorsIsToldAndLosesNothing() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var first = session(node, "grace");
        var second = session(node, "linus");
        String loaded = second.get("clients/ada").text();
        first.post("clients/ada", save("{'name': 'ada', 'kind': 'service', 'tags': ['first']}"));
        var conflict =
                second.post("clients/ada", save("{'name': 'ada', 'kind': 'service', 'tags': ['second']}"), loaded);
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.text())
                .contains("Another administrator has changed", "[&quot;second&quot;]", "[&quot;first&quot;]");
        assertThat(definition(node, "clients/ada").getJsonArray("tags")).hasToString("[\"first\"]");
        var saved = second.post(
                "clients/ada", save("{'name': 'ada', 'kind': 'service', 'tags': ['second']}"), conflict.text());
        assertThat(saved.status()).isEqualTo(303);
        assertThat(definition(node, "clients/ada").getJsonArray("tags")).hasToString("[\"second\"]");
        var outdated = second.post("clients/ada", Map.of("action", "remove", "sure", "yes"), loaded);
        assertThat(outdated.status()).isEqualTo(409);
        done(admin(node, "DELETE", "clients/ada"));
        var gone = second.post("clients/ada", save("{'name': 'ada', 'kind': 'person'}"), loaded);
        assertThat(gone.status()).isEqualTo(409);
        assertThat(gone.text()).contains("changed or removed", "&quot;person&quot;");
    }

    @Test
    void aTokenIsShownOnceAndWorksUntilItIsRevoked() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var session = session(node, "grace");
        var made = session.post(
                "clients/ada",
                Map.of("action", "create", "name", "laptop", "terms", json("{'models': ['claude-haiku*']}")));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        assertThat(made.fields().first("cache-control")).hasValue("no-store");
        assertThat(made.fields().values("set-cookie")).isEmpty();
        var found = SECRET.matcher(made.text());
        assertThat(found.find()).isTrue();
        String secret = found.group(1);
        ground.log().plant(secret);
        assertThat(use(node, secret, "claude-haiku-4-5").status()).isEqualTo(200);
        String id = secret.substring(4, 12);
        for (var page : List.of("clients/ada", "tokens", "tokens/" + id, "audit")) {
            assertThat(session.get(page).text()).contains("laptop").doesNotContain(secret);
        }
        String loaded = session.get("tokens/" + id).text();
        var terms = Map.of("action", "save", "terms", json("{'models': ['claude-sonnet*']}"));
        assertThat(session.post("tokens/" + id, terms, loaded).status()).isEqualTo(303);
        assertThat(use(node, secret, "claude-haiku-4-5").status()).isEqualTo(403);
        var outdated = session.post("tokens/" + id, terms, loaded);
        assertThat(outdated.status()).isEqualTo(409);
        assertThat(outdated.text()).contains("Another administrator has changed");
        assertThat(session.post("tokens/" + id, Map.of("action", "revoke", "sure", "yes"))
                        .status())
                .isEqualTo(303);
        assertThat(use(node, secret, "claude-sonnet-5").status()).isEqualTo(401);
        assertThat(session.get("tokens/" + id).text()).contains("revoked").doesNotContain("<textarea");
        assertThat(session.get("tokens").text()).doesNotContain(">laptop</a>");
        assertThat(session.get("tokens?revoked=show").text()).contains(">laptop</a>");
    }

    private RawResponse use(Container node, String secret, String model) throws IOException {
        return Ground.send(
                node,
                Ground.request(node, "POST", MESSAGES)
                        .field("x-api-key", secret)
                        .json(body(model)));
    }

    @Test
    void noFormOfAnotherSiteChangesAnything() throws Exception {
        var node = shared(postgres);
        createClient(node, "victim", "");
        var session = session(node, "");
        String loaded = session.get("clients/victim").text();
        var remove = Map.of("action", "remove", "sure", "yes");
        assertThat(session.send("clients/victim", remove).status())
                .as("no form token")
                .isEqualTo(403);
        var wrong = new TreeMap<>(remove);
        wrong.put("csrf", "x".repeat(43));
        assertThat(session.send("clients/victim", wrong).status()).isEqualTo(403);
        var right = new TreeMap<>(remove);
        var hidden = FIELD.matcher(loaded);
        while (hidden.find()) {
            right.put(hidden.group(1), hidden.group(2));
        }
        for (var site : List.of("cross-site", "same-site", "none")) {
            var request = session.request("POST", "clients/victim").field("sec-fetch-site", site);
            assertThat(Ground.send(node, form(request, right)).status())
                    .as(site)
                    .isEqualTo(403);
        }
        assertThat(Ground.send(
                                node,
                                form(
                                        session.request("POST", "clients/victim")
                                                .field("origin", "https://evil.example"),
                                        right))
                        .status())
                .isEqualTo(403);
        assertThat(Ground.send(node, form(Ground.request(node, "POST", "/admin/clients/victim"), right))
                        .status())
                .as("no session")
                .isEqualTo(401);
        assertThat(session.get("clients/victim").status()).isEqualTo(200);
        assertThat(session.send("clients", right).status())
                .as("a list has no form")
                .isEqualTo(405);
        for (var page : PATHS) {
            assertThat(Ground.send(node, Ground.request(node, "GET", "/admin/" + page))
                            .status())
                    .as(page)
                    .isEqualTo(401);
        }
    }

    @Test
    void theAuditIsVerifiedAndExported() throws Exception {
        try (var node = node("audit", postgres.anotherAddress())) {
            var session = session(node, "grace");
            assertThat(session.post("audit", Map.of()).text()).contains("There is no entry.");
            for (int i = 0; i < 120; i++) {
                createClient(node, "client-" + i, "");
            }
            var last = done(admin(node, "GET", "audit?limit=1000"))
                    .getJsonArray("data")
                    .getJsonObject(119);
            assertThat(session.post("audit", Map.of()).text())
                    .contains("All entries are intact.", last.getString("hash"), "<dd>120</dd>");
            var page = session.get("audit").text();
            assertThat(page).contains("120 entries", "client/client-119").doesNotContain("client/client-69<");
            var next = Pattern.compile("href=\"\\./(audit\\?[^\"]*page=page_[^\"]*)\"")
                    .matcher(page);
            assertThat(next.find()).isTrue();
            assertThat(session.get(next.group(1).replace("&amp;", "&")).text()).contains("client/client-69<");
            var csv = session.get("api/audit?format=csv");
            assertThat(csv.fields().first("content-type").orElse("")).startsWith("text/csv");
            assertThat(csv.text().lines()).hasSize(121);
            assertThat(csv.text()).contains("\"{\"\"name\"\":\"\"client-7\"\",\"\"kind\"\":\"\"service\"\"}\"");
        }
    }

    @Test
    void aNameAtSignInMustBeOne() throws Exception {
        var node = shared(postgres);
        for (var name : List.of("<script>", "a b", "\u00e4", "x".repeat(65), "a\nb")) {
            var refused = signIn(node, Map.of("person", name));
            assertThat(refused.status()).as(name).isEqualTo(400);
            assertThat(refused.text()).contains("Your name: must be").doesNotContain(ADMIN_TOKEN, "<script>");
            assertThat(refused.fields().values("set-cookie")).isEmpty();
        }
        assertThat(signIn(node, Map.of("next", "tokens/aaaaaaaa")).fields().first("location"))
                .hasValue("./tokens/aaaaaaaa");
        for (var next : List.of("//evil.example", "https://evil.example", "tokens/../../x", "clients/\r\nx: y")) {
            assertThat(signIn(node, Map.of("next", next))
                            .fields()
                            .first("location")
                            .orElse(""))
                    .startsWith("./")
                    .doesNotContain("evil", "/../", "\n");
        }
        var nameless = session(node, "");
        nameless.post("new/team", Map.of("action", "create", "definition", json("{'name': 'blue'}")));
        assertThat(lastActor(node)).isEqualTo("admin.token");
    }

    @Test
    void withoutADatabaseEachPageStatesWhatIsMissing() throws Exception {
        var deployment = ground.usual()
                .with("admin.token", "jndi:warder/secret.admin")
                .withJndi("warder/secret.admin", ADMIN_TOKEN);
        var node = ground.container("bare", deployment);
        var session = session(node, "");
        for (var page : PATHS) {
            assertThat(session.get(page).text()).as(page).contains("There is no database");
        }
    }
}
