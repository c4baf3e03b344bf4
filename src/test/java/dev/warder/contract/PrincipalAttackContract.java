package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Container;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each resource of administration with each kind of caller, and what a hostile one with rights might try. */
class PrincipalAttackContract extends PrincipalGround {
    private static final String WRONG = "admin-" + "impostor".repeat(4);

    private static final String ORGANIZATION = "/v1/organizations/";

    /** Method, resource and body; the last two need that what they change exists. */
    private static final List<String> READS = items(
            """
            GET clients, GET clients/victim, GET teams, GET teams/blue, GET tags, GET tags/blue, GET models
            GET models/opus, GET organization, GET sessions, GET tokens, GET tokens/aaaaaaaa, GET audit, GET ledger
            GET openapi.json, GET /v1/organizations/spend_limits, GET /v1/organizations/spend_limits/spl_aaaaaaaa
            GET /v1/organizations/spend_limits/effective, GET /v1/organizations/spend_limits/audit
            GET /v1/organizations/rate_limits
            GET /v1/organizations/usage_report/messages?starting_at=2026-01-01T00:00:00Z
            GET /v1/organizations/cost_report?starting_at=2026-01-01T00:00:00Z""");

    private static final List<String> WRITES = items(
            """
            POST clients {}, PUT clients/victim {}, PATCH clients/victim {}, DELETE clients/victim, POST teams {}
            PUT teams/blue {}, PATCH teams/blue {}, DELETE teams/blue, POST tags {}, DELETE tags/blue, POST models {}
            DELETE models/opus, PUT organization {}, PATCH organization {}, DELETE organization, PUT sessions {}
            PATCH sessions {}, DELETE sessions, POST tokens {}, PATCH tokens/aaaaaaaa {}, DELETE tokens/aaaaaaaa
            POST import {}, POST /v1/organizations/spend_limits {}
            DELETE /v1/organizations/spend_limits/spl_aaaaaaaa""");

    private static final String END = "2098-01-01T00:00:00Z";

    /** What limits a token by a member of its terms, and then what exceeds it. */
    private static final Map<String, List<String>> LIMITS = new TreeMap<>(Map.of(
            "rights", List.of("['admin:write']", "['admin:write', 'web']", "['managed']", "['workspace']", "null"),
            "models", List.of("['claude-haiku*']", "['claude-*']", "['claude-haiku*', 'claude-opus-5-5']", "null"),
            "paths", List.of("['/admin*', '/v1/messages']", "['/v1/messages*']", "['/admin*', '/v1/models']", "null"),
            "networks", List.of("['127.0.0.0/8']", "['126.0.0.0/7']", "['127.0.0.1', '::/0']", "null"),
            "expires", List.of("'" + END + "'", "'2098-01-01T00:00:01Z'", "null")));

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Test
    void eachCallerMayDoWhatItsTokenPermitsAndNothingElse() throws Exception {
        try (var node = node("matrix", postgres.anotherAddress())) {
            createClient(node, "victim", "");
            createClient(node, "boss", "");
            createToken(node, "plain", "boss", "");
            createToken(node, "reader", "boss", "'rights': ['admin:read']");
            createToken(node, "writer", "boss", "'rights': ['admin:write']");
            createToken(node, "distant", "boss", "'rights': ['admin:write'], 'networks': ['192.0.2.0/24']");
            createToken(node, "confined", "boss", "'rights': ['admin:write'], 'paths': ['/v1/messages']");
            var revoked = createToken(node, "revoked", "boss", "'rights': ['admin:write']");
            done(admin(node, "DELETE", "tokens/" + revoked.getString("id")));
            createTokenThatExpires(node);
            Eventually.holds(
                    Limit.seconds(10),
                    () -> send(node, bearer(node, "GET", API + "clients", issued("expired")))
                                    .status()
                            == 401);
            var expected = new TreeMap<>(Map.of(
                    "expired", "401 401",
                    "plain", "403 403",
                    "reader", "ok 403",
                    "distant", "403 403",
                    "confined", "403 403",
                    "revoked", "401 401"));
            var found = new TreeMap<String, String>();
            for (var caller : expected.keySet()) {
                found.put(caller, outcomes(node, READS, issued(caller)) + " " + outcomes(node, WRITES, issued(caller)));
            }
            assertThat(found).isEqualTo(expected);
            assertThat(outcomes(node, READS, "")).isEqualTo("401");
            assertThat(outcomes(node, WRITES, "")).isEqualTo("401");
            assertThat(status(node, "reader"))
                    .as("a right of administration runs no model")
                    .isEqualTo(401);
            assertThat(done(admin(node, "GET", "clients/victim")).getString("name"))
                    .isEqualTo("victim");
            assertThat(outcomes(node, READS, issued("writer"))).isEqualTo("ok");
            assertThat(outcomes(node, WRITES, issued("writer"))).isEqualTo("ok");
            assertStatus(404, admin(node, "GET", "clients/victim"));
        }
    }

    /** Each member that limits a token, each way to grant more of it, and each resource by which a token gets it (R-S7). */
    @Test
    void aTokenGrantsNothingThatItLacks() throws Exception {
        try (var node = node("grants", postgres.anotherAddress())) {
            createClient(node, "boss", "");
            for (var limit : LIMITS.entrySet()) {
                String member = limit.getKey();
                String own = terms(member, limit.getValue().get(0));
                createToken(node, member, "boss", own);
                keep("other-" + member, as(node, member, "POST", "tokens", token("other-" + member, own)));
                for (var more : limit.getValue().subList(1, limit.getValue().size())) {
                    refused(as(node, member, "POST", "tokens", token("new-" + member, terms(member, more))), member);
                    for (var name : List.of(member, "other-" + member)) {
                        refused(change(node, member, name, "{'" + member + "': " + more + "}"), member);
                    }
                }
                String line = AccessToken.generate(new SecureRandom()).line("new-" + member) + " rights=admin:write"
                        + (member.equals("rights") ? ",managed" : "");
                refused(as(node, member, "POST", "import", "{'clients_file': '" + line + "'}"), member);
                done(change(node, member, "other-" + member, "{'rights': [], 'tags': ['night']}"));
                createToken(node, "new-" + member, "boss", "");
                refused(change(node, member, "new-" + member, "{'tags': ['night']}"), "rights");
                done(as(node, member, "DELETE", tokenPath(node, "new-" + member), ""));
            }
        }
    }

    /** The models and paths of clients and teams limit tokens too. */
    @Test
    void aTokenWidensNoClientAndNoTeam() throws Exception {
        addToken("filed", "rights=admin:write models=claude-haiku* expires=" + END);
        var deployment = deployment(postgres.anotherAddress()).with("clients.file", path("clients"));
        try (var node = start("widened", deployment)) {
            created(admin(node, "POST", "teams", "{'name': 'blue', 'models': ['claude-haiku*']}"));
            createClient(node, "boss", "");
            createClient(node, "victim", ", 'models': ['claude-haiku-4-5']");
            createClient(node, "other", ", 'models': ['claude-haiku-4-5']");
            createClient(node, "poor", ", 'teams': ['blue']");
            createClient(node, "listed", ", 'token_names': ['filed']");
            createToken(node, "poor", "poor", "'rights': ['admin:write']");
            createToken(node, "models", "boss", "'rights': ['admin:write'], 'models': ['claude-haiku*']");
            for (var asker : List.of("poor", "models", "filed")) {
                for (var models : List.of("['claude-opus-5-5']", "['claude-*']", "null")) {
                    String members = "'kind': 'service'" + member("models", models) + "}";
                    refused(as(node, asker, "POST", "clients", "{'name': 'new', " + members), "models");
                    refused(
                            as(node, asker, "POST", "teams", "{'name': 'new'" + member("models", models) + "}"),
                            "models");
                    refused(changeOf(node, asker, "PUT", "clients/victim", "{" + members), "models");
                    refused(changeOf(node, asker, "PATCH", "clients/victim", "{'models': " + models + "}"), "models");
                    refused(changeOf(node, asker, "PATCH", "teams/blue", "{'models': " + models + "}"), "models");
                    refused(
                            as(
                                    node,
                                    asker,
                                    "POST",
                                    "import",
                                    "{'policy_file': {'version': 1, 'clients': [{'name': 'new', " + members + "]}}"),
                            "models");
                }
                refused(changeOf(node, asker, "PATCH", "clients/boss", "{'token_names': ['writer']}"), "models");
                done(changeOf(node, asker, "PATCH", "clients/boss", "{'external_id': '" + asker + "'}"));
                done(changeOf(node, asker, "PATCH", "clients/other", "{'teams': ['blue']}"));
                var client = created(as(
                        node,
                        asker,
                        "POST",
                        "clients",
                        "{'name': 'its-" + asker + "', 'kind': 'person'," + " 'teams': ['blue']}"));
                assertThat(client.getString("name")).isEqualTo("its-" + asker);
                String end = asker.equals("filed") ? ", 'expires': '" + END + "'" : "";
                refused(as(node, asker, "POST", "tokens", token("t-" + asker, "'rights': []" + end)), "models");
                created(as(
                        node,
                        asker,
                        "POST",
                        "tokens",
                        token("t-" + asker, "'rights': []" + end).replace("boss", "its-" + asker)));
            }
            refused(
                    as(node, "filed", "POST", "tokens", token("t", "'rights': [], 'models': ['claude-haiku-4-5']")),
                    "expires");
        }
    }

    private static String terms(String member, String value) {
        String rights = member.equals("rights") ? "" : ", 'rights': ['admin:write']";
        String all = member(member, value) + rights;
        return all.isEmpty() ? "" : all.substring(1);
    }

    /** A member with a comma before it; empty for one that is removed. */
    private static String member(String name, String value) {
        return value.equals("null") ? "" : ", '" + name + "': " + value;
    }

    private static String token(String name, String terms) {
        return "{'name': '" + name + "', 'client': 'boss', 'terms': {" + terms + "}}";
    }

    /** The response to what the owner of an access token sends below {@code /admin/api/}. */
    private RawResponse as(Container node, String asker, String method, String resource, String json) throws Exception {
        return send(node, asked(node, asker, method, resource, json));
    }

    private RawRequest asked(Container node, String asker, String method, String resource, String json) {
        var request = bearer(node, method, API + resource, asker.equals("filed") ? secret(asker) : issued(asker));
        return json.isEmpty() ? request : request.json(json.replace('\'', '"'));
    }

    /** The response to a change of the newest version. */
    private RawResponse changeOf(Container node, String asker, String method, String resource, String json)
            throws Exception {
        String etag = etag(admin(node, "GET", resource));
        return send(node, asked(node, asker, method, resource, json).field("if-match", etag));
    }

    private RawResponse change(Container node, String asker, String token, String json) throws Exception {
        return changeOf(node, asker, "PATCH", tokenPath(node, token), json);
    }

    private String tokenPath(Container node, String token) {
        return "tokens/" + AccessToken.parse(issued(token)).orElseThrow().id();
    }

    private static void refused(RawResponse response, String member) {
        assertThat(Answers.refused(response, 403)).contains(member + ": must not exceed");
    }

    /** As soon as this machine permits: no token can be created that has expired by then. */
    private void createTokenThatExpires(Container node) throws IOException {
        RawResponse response;
        int seconds = 1;
        do {
            String terms =
                    "'rights': ['admin:write'], 'expires': '" + Instant.now().plusSeconds(seconds) + "'";
            response = requestToken(node, "expired", "boss", terms);
            seconds++;
        } while (response.status() == 400 && Duration.ofSeconds(seconds).compareTo(Limit.seconds(5)) < 0);
        keep("expired", response);
    }

    /** The pages and actions for administrators stay closed to access tokens. */
    @Test
    void accessTokensOpenNothingElseOfTheAdministration() throws Exception {
        var node = shared(postgres);
        createClient(node, "victim", "");
        createToken(node, "writer", "victim", "'rights': ['admin:write']");
        for (var path : List.of("/admin/", "/admin/budgets", "/admin/credentials")) {
            assertStatus(401, send(node, bearer(node, "GET", path, issued("writer"))));
        }
        assertStatus(401, send(node, bearer(node, "POST", "/admin/drain", issued("writer"))));
    }

    /** Without {@code admin.token}, access tokens administrate all the same, and no other caller learns of it. */
    @Test
    void withoutTheSharedTokenOnlyAccessTokensAdministrate() throws Exception {
        String database = postgres.anotherAddress();
        try (var with = node("with", database)) {
            createClient(with, "boss", "");
            createToken(with, "boss", "boss", "'rights': ['admin:write']");
        }
        var deployment = ground.usual().withDatabase(database).with("policy.database", "true");
        try (var node = ground.container("without", deployment)) {
            eventually(() -> send(node, bearer(node, "GET", API + "clients", issued("boss")))
                            .status()
                    == 200);
            assertStatus(404, send(node, administrator(node, "GET", API + "clients")));
            assertStatus(404, send(node, request(node, "GET", API + "clients")));
            assertStatus(404, send(node, bearer(node, "GET", "/admin/", issued("boss"))));
        }
    }

    /** A page of another site can have a browser send its cookie, and a form, but no bearer token. */
    @Test
    void aBrowsersSessionChangesNothingHere() throws Exception {
        var node = shared(postgres);
        var signIn = request(node, "POST", "/admin/login").field("sec-fetch-site", "same-origin");
        String cookie = cookie(send(node, form(signIn, "token=" + ADMIN_TOKEN)));
        ok(node, request(node, "GET", API + "clients").field("cookie", cookie));
        for (var write : WRITES) {
            var request = request(node, write).field("cookie", cookie);
            assertThat(send(node, request).status())
                    .as(write)
                    // Sessions end at /admin: for Anthropic's paths this caller has no credential.
                    .isEqualTo(write.contains(ORGANIZATION) ? 401 : 403);
        }
    }

    @Test
    void oneCannotGuessWhatExistsFromRefusals() throws Exception {
        var node = shared(postgres);
        createClient(node, "victim", "");
        createToken(node, "plain", "victim", "");
        var there = send(node, bearer(node, "GET", API + "clients/victim", issued("plain")));
        var absent = send(node, bearer(node, "GET", API + "clients/none", issued("plain")));
        assertThat(Answers.refused(there, 403)).isEqualTo(Answers.refused(absent, 403));
    }

    /** Bodies of callers without the right are not kept, and the node goes on. */
    @Test
    void largeBodiesOfStrangersAreNotKept() throws Exception {
        var node = shared(postgres);
        String large = "{\"policy_file\": \"" + "x".repeat(900_000) + "\"}";
        for (int i = 0; i < 20; i++) {
            assertStatus(401, send(node, request(node, "POST", API + "import").json(large)));
        }
        createClient(node, "victim", "");
        createToken(node, "plain", "victim", "");
        createToken(node, "reader", "victim", "'rights': ['admin:read']");
        for (var token : List.of("plain", "reader")) {
            assertStatus(
                    403,
                    send(
                            node,
                            bearer(node, "POST", API + "import", issued(token)).json(large)));
        }
        assertStatus(400, admin(node, "POST", "import", large));
        assertStatus(401, send(node, bearer(node, "GET", API + "clients", WRONG)));
        done(admin(node, "GET", "clients"));
    }

    /** The status of all, or {@code ok} for all that were admitted. */
    private static String outcomes(Container node, List<String> requests, String token) throws Exception {
        var outcomes = new ArrayList<String>();
        for (var each : requests) {
            var request = request(node, each);
            int status = send(node, token.isEmpty() ? request : request.field("authorization", "Bearer " + token))
                    .status();
            outcomes.add(status == 401 || status == 403 ? Integer.toString(status) : "ok");
        }
        return String.join(" ", outcomes.stream().distinct().toList());
    }

    private static RawRequest request(Container node, String line) {
        var parts = line.split(" ");
        var request = request(node, parts[0], parts[1].startsWith("/") ? parts[1] : API + parts[1]);
        return parts.length > 2 ? request.json(parts[2]) : request;
    }

    private static RawRequest bearer(Container node, String method, String path, String token) {
        return request(node, method, path).field("authorization", "Bearer " + token);
    }
}
