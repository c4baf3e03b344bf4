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
    private static final List<List<String>> READS = List.of(
            List.of("GET", "clients"),
            List.of("GET", "clients/victim"),
            List.of("GET", "teams"),
            List.of("GET", "teams/blue"),
            List.of("GET", "tags"),
            List.of("GET", "tags/blue"),
            List.of("GET", "models"),
            List.of("GET", "models/opus"),
            List.of("GET", "organization"),
            List.of("GET", "sessions"),
            List.of("GET", "tokens"),
            List.of("GET", "tokens/aaaaaaaa"),
            List.of("GET", "audit"),
            List.of("GET", "ledger"),
            List.of("GET", "openapi.json"),
            List.of("GET", ORGANIZATION + "spend_limits"),
            List.of("GET", ORGANIZATION + "spend_limits/spl_aaaaaaaa"),
            List.of("GET", ORGANIZATION + "spend_limits/effective"),
            List.of("GET", ORGANIZATION + "spend_limits/audit"),
            List.of("GET", ORGANIZATION + "rate_limits"),
            List.of("GET", ORGANIZATION + "usage_report/messages?starting_at=2026-01-01T00:00:00Z"),
            List.of("GET", ORGANIZATION + "cost_report?starting_at=2026-01-01T00:00:00Z"));

    private static final List<List<String>> WRITES = List.of(
            List.of("POST", "clients", "{}"),
            List.of("PUT", "clients/victim", "{}"),
            List.of("PATCH", "clients/victim", "{}"),
            List.of("DELETE", "clients/victim"),
            List.of("POST", "teams", "{}"),
            List.of("PUT", "teams/blue", "{}"),
            List.of("PATCH", "teams/blue", "{}"),
            List.of("DELETE", "teams/blue"),
            List.of("POST", "tags", "{}"),
            List.of("DELETE", "tags/blue"),
            List.of("POST", "models", "{}"),
            List.of("DELETE", "models/opus"),
            List.of("PUT", "organization", "{}"),
            List.of("PATCH", "organization", "{}"),
            List.of("DELETE", "organization"),
            List.of("PUT", "sessions", "{}"),
            List.of("PATCH", "sessions", "{}"),
            List.of("DELETE", "sessions"),
            List.of("POST", "tokens", "{}"),
            List.of("PATCH", "tokens/aaaaaaaa", "{}"),
            List.of("DELETE", "tokens/aaaaaaaa"),
            List.of("POST", "import", "{}"),
            List.of("POST", ORGANIZATION + "spend_limits", "{}"),
            List.of("DELETE", ORGANIZATION + "spend_limits/spl_aaaaaaaa"));

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
                    () -> Ground.send(node, bearer(node, "GET", API + "clients", issued("expired")))
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
            assertThat(admin(node, "GET", "clients/victim").status())
                    .as("it was removed")
                    .isEqualTo(404);
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
        return Ground.send(node, asked(node, asker, method, resource, json));
    }

    private RawRequest asked(Container node, String asker, String method, String resource, String json) {
        var request = bearer(node, method, API + resource, asker.equals("filed") ? secret(asker) : issued(asker));
        return json.isEmpty() ? request : request.json(json.replace('\'', '"'));
    }

    /** The response to a change of the newest version. */
    private RawResponse changeOf(Container node, String asker, String method, String resource, String json)
            throws Exception {
        String etag = etag(admin(node, "GET", resource));
        return Ground.send(node, asked(node, asker, method, resource, json).field("if-match", etag));
    }

    private RawResponse change(Container node, String asker, String token, String json) throws Exception {
        return changeOf(node, asker, "PATCH", tokenPath(node, token), json);
    }

    private String tokenPath(Container node, String token) {
        return "tokens/" + AccessToken.parse(issued(token)).orElseThrow().id();
    }

    private static void refused(RawResponse response, String member) {
        assertThat(Answers.refused(response, 403, "permission_error")).contains(member + ": must not exceed");
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
            assertThat(Ground.send(node, bearer(node, "GET", path, issued("writer")))
                            .status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(Ground.send(node, bearer(node, "POST", "/admin/drain", issued("writer")))
                        .status())
                .isEqualTo(401);
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
            Eventually.holds(
                    PATIENCE,
                    () -> Ground.send(node, bearer(node, "GET", API + "clients", issued("boss")))
                                    .status()
                            == 200);
            assertThat(Ground.send(node, administrator(node, "GET", API + "clients"))
                            .status())
                    .isEqualTo(404);
            assertThat(Ground.send(node, Ground.request(node, "GET", API + "clients"))
                            .status())
                    .isEqualTo(404);
            assertThat(Ground.send(node, bearer(node, "GET", "/admin/", issued("boss")))
                            .status())
                    .isEqualTo(404);
        }
    }

    /** A page of another site can have a browser send its cookie, and a form, but no bearer token. */
    @Test
    void aBrowsersSessionChangesNothingHere() throws Exception {
        var node = shared(postgres);
        var signIn = Ground.request(node, "POST", "/admin/login")
                .field("content-type", "application/x-www-form-urlencoded")
                .field("sec-fetch-site", "same-origin")
                .body(("token=" + ADMIN_TOKEN).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        String cookie =
                Ground.send(node, signIn).fields().values("set-cookie").get(0).split(";")[0];
        ok(node, Ground.request(node, "GET", API + "clients").field("cookie", cookie));
        for (var write : WRITES) {
            var request = request(node, write).field("cookie", cookie);
            assertThat(Ground.send(node, request).status())
                    .as(write.toString())
                    // Sessions end at /admin: for Anthropic's paths this caller has no credential.
                    .isEqualTo(write.get(1).startsWith(ORGANIZATION) ? 401 : 403);
        }
    }

    @Test
    void oneCannotGuessWhatExistsFromRefusals() throws Exception {
        var node = shared(postgres);
        createClient(node, "victim", "");
        createToken(node, "plain", "victim", "");
        var there = Ground.send(node, bearer(node, "GET", API + "clients/victim", issued("plain")));
        var absent = Ground.send(node, bearer(node, "GET", API + "clients/none", issued("plain")));
        assertThat(Answers.refused(there, 403, "permission_error"))
                .isEqualTo(Answers.refused(absent, 403, "permission_error"));
    }

    /** Bodies of callers without the right are not kept, and the node goes on. */
    @Test
    void largeBodiesOfStrangersAreNotKept() throws Exception {
        var node = shared(postgres);
        String large = "{\"policy_file\": \"" + "x".repeat(900_000) + "\"}";
        for (int i = 0; i < 20; i++) {
            var request = Ground.request(node, "POST", API + "import").json(large);
            assertThat(Ground.send(node, request).status()).isEqualTo(401);
        }
        createClient(node, "victim", "");
        createToken(node, "plain", "victim", "");
        createToken(node, "reader", "victim", "'rights': ['admin:read']");
        for (var token : List.of("plain", "reader")) {
            var request = bearer(node, "POST", API + "import", issued(token)).json(large);
            assertThat(Ground.send(node, request).status()).isEqualTo(403);
        }
        assertThat(admin(node, "POST", "import", large).status()).isEqualTo(400);
        assertThat(Ground.send(node, bearer(node, "GET", API + "clients", WRONG))
                        .status())
                .isEqualTo(401);
        done(admin(node, "GET", "clients"));
    }

    /** The status of all, or {@code ok} for all that were admitted. */
    private static String outcomes(Container node, List<List<String>> requests, String token) throws Exception {
        var outcomes = new ArrayList<String>();
        for (var each : requests) {
            var request = request(node, each);
            int status = Ground.send(
                            node, token.isEmpty() ? request : request.field("authorization", "Bearer " + token))
                    .status();
            outcomes.add(status == 401 || status == 403 ? Integer.toString(status) : "ok");
        }
        return String.join(" ", outcomes.stream().distinct().toList());
    }

    private static RawRequest request(Container node, List<String> parts) {
        String target = parts.get(1);
        var request = Ground.request(node, parts.get(0), target.startsWith("/") ? target : API + target);
        return parts.size() > 2 ? request.json(parts.get(2)) : request;
    }

    private static RawRequest bearer(Container node, String method, String path, String token) {
        return Ground.request(node, method, path).field("authorization", "Bearer " + token);
    }
}
