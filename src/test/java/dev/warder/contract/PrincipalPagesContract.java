package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.models.organization.spendlimits.increaserequests.IncreaseRequestApproveParams;
import dev.warder.json.JsonTree;
import dev.warder.reconcile.LedgerSample;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The forms on the pages of clients, teams, tokens and the audit: what they change, and what they refuse. */
class PrincipalPagesContract extends PrincipalGround {
    private static final Pattern FIELD = Pattern.compile("name=\"(csrf|revision)\" value=\"([^\"]*)\"");
    private static final Pattern SECRET = Pattern.compile("<code>(wrd_[a-z2-7]{8}_[a-z2-7]{59})</code>");
    private static final List<String> PATHS = items(
            """
            clients, clients/victim, new/client, teams, tags, models, organization, sessions, tokens, tokens/aaaaaaaa
            limits, audit""");

    @RegisterExtension
    private final Postgres postgres = new Postgres();

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
        return form(request, body);
    }

    private static RawResponse signIn(Container node, Map<String, String> fields) throws IOException {
        var all = new TreeMap<>(fields);
        all.put("token", ADMIN_TOKEN);
        return send(node, form(request(node, "POST", "/admin/login").field("accept", "text/html"), all));
    }

    private static Session session(Container node, String person) throws IOException {
        return new Session(node, cookie(assertStatus(303, signIn(node, Map.of("person", person)))));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static JsonObject object(String text) {
        return JsonTree.parseObject(json(text)).orElseThrow();
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

    /** A limit that a request led to stays in force, and the audit of requests intact. */
    @Test
    void whatEarlierVersionsHadOfRequestsForHigherLimits() throws Exception {
        String database = postgres.anotherAddress();
        var sample = new LedgerSample(BoundDatabase.of(database));
        try (var rows = PrincipalPagesContract.class.getResourceAsStream("increase-requests.sql")) {
            for (var statement : new String(rows.readAllBytes(), StandardCharsets.UTF_8).split(";\n")) {
                sample.execute(statement);
            }
        }
        try (var node = node("earlier", database)) {
            createToken(node, "laptop", "ada", "");
            eventually(() -> status(node, "laptop") == 200);
            createClient(node, "boss", ", 'budgets': 'unlimited'");
            for (var right : List.of("read", "write")) {
                createToken(node, right, "boss", "'rights': ['admin:" + right + "']");
                try (var sdk = AdminSdk.of(node, issued(right))) {
                    var limits = sdk.organization().spendLimits();
                    assertThat(limits.effective().list().items())
                            .filteredOn(each -> each.actor().asUser().userId().equals("ada"))
                            .singleElement()
                            .satisfies(each -> assertThat(each.amount()).contains("700"));
                    var requests = limits.increaseRequests();
                    var approval = IncreaseRequestApproveParams.builder().amount("1");
                    for (ThrowingCallable call : List.<ThrowingCallable>of(
                            requests::list,
                            () -> requests.retrieve("slir_2"),
                            () -> requests.approve("slir_2", approval.build()),
                            () -> requests.deny("slir_2"))) {
                        assertThatThrownBy(call)
                                .isInstanceOf(NotFoundException.class)
                                .hasMessageContaining("not_found_error");
                    }
                }
            }
            try (var sdk = AdminSdk.of(node, issued("laptop"))) {
                assertThatThrownBy(sdk.organization().spendLimits().increaseRequests()::list)
                        .as("as all paths there without a right of administration")
                        .isInstanceOf(PermissionDeniedException.class);
            }
            for (var method : List.of("GET", "POST")) {
                Answers.refused(admin(node, method, "increase_requests"), 404);
                var own = request(node, method, API + "increase_requests")
                        .field("authorization", "Bearer " + issued("laptop"));
                Answers.refused(send(node, own), 404);
            }
            var grace = session(node, "grace");
            assertStatus(404, grace.get("increases"));
            assertThat(grace.post("audit", Map.of()).text()).contains("All entries are intact.", "<dd>8</dd>");
            assertThat(grace.get("audit?find=increase_request").text())
                    .contains("2 entries", "increase_request/slir_1", "increase_request/slir_3");
        }
    }

    @Test
    void aClientIsCreatedChangedAndRemovedUnderTheNameOfThePerson() throws Exception {
        var node = node("forms", postgres.anotherAddress());
        var grace = session(node, "grace");
        var created = assertStatus(
                303,
                grace.post(
                        "new/client",
                        Map.of("action", "create", "definition", json("{'name': 'ada', 'kind': 'person'}"))));
        assertThat(created.fields().first("location")).hasValue("./../clients/ada");
        assertThat(lastActor(node)).isEqualTo("admin.token (grace)");
        assertStatus(
                303,
                grace.post(
                        "clients/ada",
                        save("{'name': 'ada', 'kind': 'service', 'limits': {'requests_per_minute': 60}}")));
        assertThat(definition(node, "clients/ada").getString("kind")).isEqualTo("service");
        assertThat(grace.get("limits").text()).contains(">ada</a>", "<td class=\"n\">60</td>");
        assertThat(grace.get("clients?find=AD").text()).contains("1 client, 1 found", ">ada</a>");
        assertThat(grace.get("clients?find=x").text())
                .contains("1 client, 0 found")
                .doesNotContain(">ada</a>");
        assertText(400, grace.post("clients/ada", Map.of("action", "remove"))).contains("check the box");
        var removed = grace.post("clients/ada", Map.of("action", "remove", "sure", "yes"));
        assertThat(removed.fields().first("location")).hasValue("./../clients");
        assertStatus(404, grace.get("clients/ada"));
        assertThat(grace.get("audit?find=CLIENT/ada").text())
                .contains("3 entries found", "admin.token (grace)", "kind, limits", "<td class=\"w\">remove</td>");
    }

    @Test
    void aRefusedFormIsShownAgainWithTheReasonAndTheText() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var session = session(node, "");
        var unknown = session.post("clients/ada", save("{'name': 'ada', 'kind': 'service', 'colour': '<b>\u202e'}"));
        assertText(400, unknown)
                .contains("colour: unknown member", "&quot;colour&quot;: &quot;&lt;b&gt;\\u202e&quot;")
                .doesNotContain("<b>", "\u202e");
        assertText(400, session.post("clients/ada", save("{'name': 'ada', 'name': 'x'")))
                .contains("This is not one JSON object", "{&quot;name&quot;: &quot;ada&quot;, ");
        var nameless = session.post("new/client", Map.of("action", "create", "definition", "{}"));
        assertThat(nameless.text()).contains("name: must be a string.");
        assertText(
                        409,
                        session.post(
                                "new/client",
                                Map.of("action", "create", "definition", json("{'name': 'ada', 'kind': 'person'}"))))
                .contains("client/ada exists already.", "&quot;person&quot;");
        assertText(
                        400,
                        session.post(
                                "clients/ada",
                                Map.of(
                                        "action",
                                        "create",
                                        "name",
                                        "t",
                                        "expires",
                                        "2020-01-31",
                                        "terms",
                                        json("{'tags': ['kept']}"))))
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

    /** A field for each member, without a script; the JSON is the second tab. */
    @Test
    void fieldsMakeADefinitionAndShowWhatIsWrongBesideThem() throws Exception {
        var node = shared(postgres);
        var session = session(node, "grace");
        assertThat(session.get("new/team").text())
                .contains("<legend>Limits</legend>", "name=\"budgets.0.amount\"", "value=\"1000\"")
                .contains("<option selected>month</option>", "href=\"./../new/team?tab=json\"")
                .doesNotContain("name=\"definition\"");
        assertThat(session.get("new/team?tab=json").text()).contains("name=\"definition\"", "&quot;1000&quot;");
        var fields = new TreeMap<>(Map.of("action", "create", "tab", "fields", "name", "blue"));
        fields.putAll(Map.of("models", "claude-haiku*\r\n\r\n claude-opus* \r\n", "limits.requests_per_minute", "60"));
        fields.putAll(Map.of("budgets.0.amount", "50", "budgets.0.period", "day", "budgets.1.amount", ""));
        assertStatus(303, session.post("new/team", fields));
        String budget = "'budgets': [{'amount': '50', 'period': 'day'}]";
        assertThat(definition(node, "teams/blue"))
                .isEqualTo(object("{'name': 'blue', 'models': ['claude-haiku*', 'claude-opus*'], " + budget
                        + ", 'limits': {'requests_per_minute': 60}}"));
        assertThat(session.get("teams/blue").text())
                .contains("claude-haiku*\nclaude-opus*</textarea>", "value=\"60\"", "<option selected>day</option>");
        fields.putAll(Map.of("action", "save", "budgets.0.amount", "<script>", "external_id", "'\"<b>"));
        fields.put("limits.concurrent_requests", "many");
        assertText(400, session.post("teams/blue", fields))
                .contains("aria-invalid=\"true\" value=\"&lt;script&gt;\"", "value=\"&#39;&quot;&lt;b&gt;\"")
                .contains("claude-haiku*\n\n claude-opus* \n</textarea>")
                .containsPattern("id=\"definition-budgets.0.amount-problem\">must be [^<]+<")
                .containsPattern("id=\"definition-limits.concurrent_requests-problem\">must be [^<]+<")
                .doesNotContain("<script>", "<b>");
        fields.putAll(Map.of("budgets.0.amount", "", "budgets.0.period", "", "budgets.unlimited", "yes"));
        fields.putAll(Map.of("external_id", "T-17", "limits.concurrent_requests", "", "models", ""));
        assertStatus(303, session.post("teams/blue", fields));
        assertThat(definition(node, "teams/blue"))
                .isEqualTo(object("{'name': 'blue', 'external_id': 'T-17', 'budgets': 'unlimited',"
                        + " 'limits': {'requests_per_minute': 60}}"));
        assertThat(session.get("teams/blue").text()).contains("name=\"budgets.unlimited\" value=\"yes\" checked");
    }

    @Test
    void fieldsMakeTheTermsOfATokenAndLeaveWhatTheyCannotShow() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var session = session(node, "grace");
        var fields = new TreeMap<>(Map.of("action", "create", "tab", "fields", "name", "tablet"));
        fields.putAll(Map.of("rights.managed", "yes", "networks", "10.0.0.0/8", "expires", "2099-01-31"));
        assertStatus(200, session.post("clients/ada", fields));
        var token = done(admin(node, "GET", "tokens?search=tablet"))
                .getJsonArray("data")
                .getJsonObject(0);
        assertThat(token.getJsonObject("terms"))
                .isEqualTo(object(
                        "{'rights': ['managed'], 'networks': ['10.0.0.0/8'], 'expires': '2099-01-31T00:00:00Z'}"));
        String page = "tokens/" + token.getString("id");
        assertThat(session.get(page).text()).contains("name=\"rights.managed\" value=\"yes\" checked");
        var terms = Map.of("action", "save", "tab", "fields", "rights.web", "yes", "tags", "project:x");
        assertStatus(303, session.post(page, terms));
        assertThat(done(admin(node, "GET", page)).getJsonObject("terms"))
                .isEqualTo(object("{'rights': ['web'], 'tags': ['project:x']}"));
        assertText(400, session.post(page, Map.of("action", "save", "tab", "fields", "tags", "project:y")))
                .contains("rights: choose one.");
        // No right is something else than the usual ones, which an empty field stands for.
        assertStatus(303, session.post(page, Map.of("action", "save", "terms", json("{'rights': []}"))));
        assertThat(session.get(page).text()).contains("what the fields cannot show", "name=\"terms\"");
    }

    @Test
    void theSecondOfTwoAdministratorsIsToldAndLosesNothing() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var first = session(node, "grace");
        var second = session(node, "linus");
        String loaded = second.get("clients/ada").text();
        first.post("clients/ada", save("{'name': 'ada', 'kind': 'service', 'tags': ['first']}"));
        // A form that is refused for what was typed is still that of the page that was loaded.
        var refused = second.post("clients/ada", save("{'name': 'ada',}"), loaded);
        assertStatus(400, refused);
        var conflict = second.post(
                "clients/ada", save("{'name': 'ada', 'kind': 'service', 'tags': ['second']}"), refused.text());
        assertText(409, conflict)
                .contains("Another administrator has changed", "&quot;second&quot;", "&quot;first&quot;");
        assertThat(definition(node, "clients/ada").getJsonArray("tags")).hasToString("[\"first\"]");
        assertStatus(
                303,
                second.post(
                        "clients/ada",
                        save("{'name': 'ada', 'kind': 'service', 'tags': ['second']}"),
                        conflict.text()));
        assertThat(definition(node, "clients/ada").getJsonArray("tags")).hasToString("[\"second\"]");
        assertStatus(409, second.post("clients/ada", Map.of("action", "remove", "sure", "yes"), loaded));
        done(admin(node, "DELETE", "clients/ada"));
        assertText(409, second.post("clients/ada", save("{'name': 'ada', 'kind': 'person'}"), loaded))
                .contains("changed or removed", "&quot;person&quot;");
    }

    @Test
    void aTokenIsShownOnceAndWorksUntilItIsRevoked() throws Exception {
        var node = shared(postgres);
        createClient(node, "ada", "");
        var session = session(node, "grace");
        var made = assertStatus(
                200,
                session.post(
                        "clients/ada",
                        Map.of("action", "create", "name", "laptop", "terms", json("{'models': ['claude-haiku*']}"))));
        assertThat(made.fields().first("cache-control")).hasValue("no-store");
        assertThat(made.fields().values("set-cookie")).isEmpty();
        var found = SECRET.matcher(made.text());
        assertThat(found.find()).isTrue();
        String secret = found.group(1);
        log.plant(secret);
        assertStatus(200, use(node, secret, "claude-haiku-4-5"));
        String id = secret.substring(4, 12);
        for (var page : List.of("clients/ada", "tokens", "tokens/" + id, "audit")) {
            assertThat(session.get(page).text()).contains("laptop").doesNotContain(secret);
        }
        String loaded = session.get("tokens/" + id).text();
        var terms = Map.of("action", "save", "terms", json("{'models': ['claude-sonnet*']}"));
        assertStatus(303, session.post("tokens/" + id, terms, loaded));
        assertStatus(403, use(node, secret, "claude-haiku-4-5"));
        assertText(409, session.post("tokens/" + id, terms, loaded)).contains("Another administrator has changed");
        assertStatus(303, session.post("tokens/" + id, Map.of("action", "revoke", "sure", "yes")));
        assertStatus(401, use(node, secret, "claude-sonnet-5"));
        assertThat(session.get("tokens/" + id).text()).contains("revoked").doesNotContain("<textarea");
        assertThat(session.get("tokens").text()).doesNotContain(">laptop</a>");
        assertThat(session.get("tokens?revoked=show").text()).contains(">laptop</a>");
    }

    private RawResponse use(Container node, String secret, String model) throws IOException {
        return send(
                node, request(node, "POST", MESSAGES).field("x-api-key", secret).json(body(model)));
    }

    @Test
    void noFormOfAnotherSiteChangesAnything() throws Exception {
        var node = shared(postgres);
        createClient(node, "victim", "");
        var session = session(node, "");
        String loaded = session.get("clients/victim").text();
        var remove = Map.of("action", "remove", "sure", "yes");
        assertStatus(403, session.send("clients/victim", remove));
        var wrong = new TreeMap<>(remove);
        wrong.put("csrf", "x".repeat(43));
        assertStatus(403, session.send("clients/victim", wrong));
        var right = new TreeMap<>(remove);
        var hidden = FIELD.matcher(loaded);
        while (hidden.find()) {
            right.put(hidden.group(1), hidden.group(2));
        }
        for (var site : List.of("cross-site", "same-site", "none")) {
            var request = session.request("POST", "clients/victim").field("sec-fetch-site", site);
            assertStatus(403, send(node, form(request, right)));
        }
        assertStatus(
                403,
                send(
                        node,
                        form(
                                session.request("POST", "clients/victim").field("origin", "https://evil.example"),
                                right)));
        assertStatus(401, send(node, form(request(node, "POST", "/admin/clients/victim"), right)));
        assertStatus(200, session.get("clients/victim"));
        assertStatus(405, session.send("clients", right));
        for (var page : PATHS) {
            assertStatus(401, send(node, request(node, "GET", "/admin/" + page)));
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
            assertText(400, refused).contains("Your name: must be").doesNotContain(ADMIN_TOKEN, "<script>");
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
        session(node, "").post("new/team", Map.of("action", "create", "definition", json("{'name': 'blue'}")));
        assertThat(lastActor(node)).isEqualTo("admin.token");
    }

    @Test
    void withoutADatabaseEachPageStatesWhatIsMissing() throws Exception {
        var node = ground.container("bare", ground.usual().withSecret("admin.token", ADMIN_TOKEN));
        var session = session(node, "");
        for (var page : PATHS) {
            assertThat(session.get(page).text()).as(page).contains("There is no database");
        }
    }
}
