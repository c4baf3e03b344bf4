package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconcile.LedgerSample;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.Container;
import dev.warder.testkit.OpenApiCheck;
import dev.warder.testkit.OpenApiDocument;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonArray;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The OpenAPI document, and each of its operations. {@link Ground#send} checks each answer against it. */
class OpenApiContract extends PrincipalGround {
    private static final String DESCRIPTION = "openapi.json";
    private static final String RECONCILIATION = "reconciliation";
    private static final LocalDate DAY = LedgerSample.lastDay();

    /** Resource, name, definition and change of an object of each kind. */
    private static final List<List<String>> OBJECTS = List.of(
            List.of(
                    "teams",
                    "blue",
                    "'external_id': 'T-17', 'models': ['claude-*'], 'budgets': [{'amount': '1', 'period': 'day'}]",
                    "{'external_id': null, 'budgets': 'unlimited'}"),
            List.of(
                    "clients",
                    "build",
                    "'kind': 'service', 'teams': ['blue', 'red'], 'payer': 'blue', 'paths': ['/v1/messages*'],"
                            + " 'tags': ['project:x'], 'token_names': ['shared'], 'limits': {'requests_per_minute': 9,"
                            + " 'concurrent_requests': 2}, 'budgets': [{'amount': '0.5', 'period': 'month',"
                            + " 'zone': 'Europe/Berlin', 'mode': 'enforce', 'on_exhausted': 'finish'}]",
                    "{'limits': {'concurrent_requests': null}, 'token_names': null, 'kind': 'person'}"),
            List.of(
                    "tags",
                    "project:x",
                    "'budgets': [{'amount': '7', 'period': 'week', 'mode': 'warn'}]",
                    "{'budgets': []}"),
            List.of(
                    "models",
                    "claude-opus*",
                    "'limits': {'input_tokens_per_minute': 1000}",
                    "{'budgets': [{'amount': '3', 'period': 'lifetime', 'mode': 'shadow'}], 'limits': null}"));

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Test
    void eachOperationOfTheDocumentIsServed() throws Exception {
        OpenApiCheck.forget();
        try (var server = AdminApiServer.start();
                var node = start(
                        "described",
                        deployment(postgres.anotherAddress())
                                .with("reconcile.url", server.url().toString())
                                .with("reconcile.key", "jndi:warder/secret.reconcile")
                                .with("reconcile.map", "apikey_1=primary")
                                .withJndi("warder/secret.reconcile", AdminApiServer.KEY))) {
            objects(node);
            tokens(node);
            single(node, "organization", "'limits': {'output_tokens_per_minute': 5}");
            single(node, "sessions", "'budgets': [{'amount': '2', 'period': 'hour', 'mode': 'warn'}]");
            removeAll(node);
            importTwice(node);
            reads(node);
            reconciliation(node);
        }
        var documented = new TreeSet<String>();
        var document = OpenApiDocument.read();
        document.templates()
                .forEach(path -> document.methods(path).forEach(method -> documented.add(method + " " + path)));
        assertThat(OpenApiCheck.accepted()).isEqualTo(documented);
    }

    private void objects(Container node) throws IOException {
        created(admin(node, "POST", "teams", "{'name': 'red'}"));
        for (var each : OBJECTS) {
            String list = each.get(0);
            String one = list + "/" + each.get(1);
            created(admin(node, "POST", list, "{'name': '" + each.get(1) + "', " + each.get(2) + "}"));
            assertThat(etag(admin(node, "GET", one))).matches("\"[0-9]+\"");
            done(adminIfMatch(node, "PATCH", one, "*", each.get(3)));
            done(adminIfMatch(node, "PUT", one, "*", "{" + each.get(2) + "}"));
            assertThat(done(admin(
                                    node,
                                    "GET",
                                    list + "?limit=1&search=" + each.get(1).substring(0, 3)))
                            .getJsonArray("data"))
                    .hasSize(1);
        }
    }

    private void tokens(Container node) throws IOException {
        var token = createToken(
                node,
                "ci",
                "build",
                "'expires': '2099-06-30T00:00:00+02:00', 'rights': ['managed'], 'networks': ['10.0.0.0/8', '::1'],"
                        + " 'models': ['claude-haiku-*'], 'paths': ['/v1/messages'], 'tags': ['a']");
        String one = "tokens/" + token.getString("id");
        done(admin(node, "GET", one));
        done(adminIfMatch(node, "PATCH", one, "*", "{'expires': null, 'rights': ['admin:read', 'web']}"));
        done(admin(node, "GET", "tokens?client=build"));
        done(admin(node, "DELETE", one));
    }

    private void single(Container node, String resource, String definition) throws IOException {
        created(admin(node, "PUT", resource, "{" + definition + "}"));
        done(admin(node, "GET", resource));
        done(adminIfMatch(node, "PATCH", resource, "*", "{}"));
        done(adminIfMatch(node, "PUT", resource, "*", "{" + definition + "}"));
        done(admin(node, "DELETE", resource));
    }

    /** Members before their team. */
    private void removeAll(Container node) throws IOException {
        for (int i = OBJECTS.size() - 1; i >= 0; i--) {
            var each = OBJECTS.get(i);
            done(admin(node, "DELETE", each.get(0) + "/" + each.get(1)));
        }
        done(admin(node, "DELETE", "teams/red"));
    }

    private void importTwice(Container node) throws IOException {
        String files = "{'policy_file': " + policy(1, CLIENTS) + "}";
        var first = admin(node, "POST", "import", files);
        assertThat(done(first).getInt("objects")).isPositive();
        var second = admin(node, "POST", "import", files);
        assertThat(done(second).getInt("objects")).isZero();
        assertThat(etag(second)).as("nothing has changed").isEqualTo(etag(first));
    }

    private void reads(Container node) throws IOException {
        done(admin(node, "GET", "audit?limit=5"));
        assertThat(admin(node, "GET", "audit?format=csv").text()).startsWith("number,");
        assertStatus(200, admin(node, "GET", "ledger?from=2026-11-01&format=jsonl"));
        assertThat(admin(node, "GET", DESCRIPTION).text())
                .isEqualTo(OpenApiDocument.read().text());
        assertThat(admin(node, "HEAD", DESCRIPTION).body()).isEmpty();
    }

    private void reconciliation(Container node) throws Exception {
        eventually(() -> !days(node).isEmpty());
        assertStatus(200, admin(node, "HEAD", RECONCILIATION));
    }

    private JsonArray days(Container node) throws IOException {
        return done(admin(node, "GET", RECONCILIATION)).getJsonArray("days");
    }

    @Test
    void theDocumentIsForAdministratorsOnly() throws Exception {
        try (var node = node("readers", postgres.anotherAddress())) {
            createClient(node, "boss", "");
            createToken(node, "plain", "boss", "");
            createToken(node, "reader", "boss", "'rights': ['admin:read']");
            Answers.refused(answer(node, "GET", DESCRIPTION, ""), 401);
            Answers.refused(answer(node, "GET", DESCRIPTION, issued("plain")), 403);
            assertStatus(200, answer(node, "GET", DESCRIPTION, issued("reader")));
            Answers.refused(admin(node, "POST", DESCRIPTION), 405);
            // Reconciliation is not set up here, which only those find out who may read it.
            Answers.refused(answer(node, "GET", RECONCILIATION, issued("plain")), 403);
            Answers.refused(answer(node, "GET", RECONCILIATION, issued("reader")), 404);
        }
    }

    @Test
    void theDocumentNeedsNoDatabase() throws Exception {
        var deployment = ground.usual().withSecret("admin.token", ADMIN_TOKEN);
        try (var node = start("alone", deployment)) {
            done(admin(node, "GET", DESCRIPTION));
            Answers.refused(admin(node, "GET", "clients"), 404);
        }
    }

    private static RawResponse answer(Container node, String method, String resource, String token) throws IOException {
        var request = request(node, method, API + resource);
        return send(node, token.isEmpty() ? request : request.field("authorization", "Bearer " + token));
    }
}
