package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.reconciliation.store.LedgerSample;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests through the gateway, compared with the reports of a server that behaves as Anthropic's Admin API. */
class ReconciliationContract extends PolicyGround {
    private static final String ADMIN_TOKEN = "admin-" + "operator".repeat(4);
    private static final String MODEL = "claude-haiku-4-5";
    private static final String API = "/admin/api/reconciliation";

    /** A client whose token has a right more. */
    private static final String AUDITOR = "narrow";

    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final LocalDate DAY = LedgerSample.lastDay();

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    private final AdminApiServer server;
    private final List<String> databases = new ArrayList<>();

    ReconciliationContract(Container.Starter starter) throws IOException {
        super(starter);
        server = AdminApiServer.start();
    }

    @AfterEach
    final void theNumbersInTheDatabasesFitTogether() throws Exception {
        for (var each : databases) {
            BudgetCheck.agrees(BoundDatabase.of(each));
        }
        databases.clear();
        server.clear();
    }

    @AfterAll
    final void stop() throws IOException {
        server.close();
    }

    @Test
    void comparesAndBooksInH2() throws Exception {
        comparesAndBooks("h2", "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    @Test
    void comparesAndBooksInPostgres() throws Exception {
        comparesAndBooks("postgres", postgres.anotherAddress());
    }

    private void comparesAndBooks(String name, String database) throws Exception {
        // The node looks at days as soon as it runs, so the report is there before it.
        server.usage(DAY, "apikey_1", MODEL, 600, 0, 0, 0, 500)
                .usage(DAY, "apikey_1", MODEL, 0, 0, 0, 0, 20)
                .cost(DAY, MODEL, "uncached_input_tokens", "0.06")
                .cost(DAY, MODEL, "output_tokens", "0.26");
        addToken(AUDITOR, "rights=admin:write");
        var container = node(name, database);
        sendOnThatDay(container, database);
        assertThat(post(container, API + "/run", "{}").status()).isEqualTo(202);
        Eventually.holds(PATIENCE, () -> ledgerCost(container).equals("0.003100000"));
        var line = line(container);
        assertThat(line.getString("model")).isEqualTo(MODEL);
        assertThat(line.getJsonObject("report").getString("cost")).isEqualTo("0.003200000");
        assertThat(line.getString("difference")).isEqualTo("0.000100000");
        assertThat(line.getInt("tokensDiffer")).isEqualTo(20);
        assertThat(line.getString("state")).isEqualTo("open");
        assertThat(line.getBoolean("unexplained")).isTrue();

        String version = version(container);
        String request = "{\"reason\":\"=invoice\",\"name\":\"ada\",\"version\":\"" + version + "\"}";
        String document = "{\"day\":\"" + DAY + "\",\"lines\":1,\"amount\":\"0.000100000\"}";
        Answers.refused(
                post(container, book(), request.replace(version, "0".repeat(32))), 409, "invalid_request_error");
        for (int i = 0; i < 2; i++) {
            assertThat(repeatable(container, request).text()).isEqualTo(document);
        }
        Answers.refused(repeatable(container, "{\"reason\":\"other\"}"), 422, "invalid_request_error");
        Answers.refused(post(container, book(), request), 409, "invalid_request_error");
        for (var limit : List.of("\"model\":\"" + MODEL + " \"", "\"credential\":\"other\"")) {
            Answers.refused(
                    post(container, book(), "{\"reason\":\"no such line\"," + limit + "}"),
                    400,
                    "invalid_request_error");
        }
        assertThat(version(container)).isNotEqualTo(version);
        String rest = "{\"reason\":\"again\",\"version\":\"" + version(container) + "\"}";
        var again = post(container, book(), rest);
        assertThat(again.text()).isEqualTo("{\"day\":\"" + DAY + "\",\"lines\":0,\"amount\":\"0.000000000\"}");
        assertThat(line(container).getString("state")).isEqualTo("booked");
        var csv = get(container, API + "/adjustments?format=csv");
        assertThat(csv.fields().first("content-type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.text().split("\r\n")[1])
                .startsWith(DAY + "," + MODEL + ",primary,1,0.000100000,'=invoice,admin.token (ada) from 127.0.0.1,");
        assertThat(get(container, API + "?format=csv").text()).startsWith("day,model,credential,state,");
        server.cost(DAY, MODEL, "output_tokens", "0.05");
        assertThat(post(container, API + "/run", "{}").status()).isEqualTo(202);
        Eventually.holds(PATIENCE, () -> line(container).getString("state").equals("open"));
        String byToken = "{\"reason\":\"search\",\"name\":\"grace\",\"version\":\"" + version(container) + "\"}";
        for (int i = 0; i < 2; i++) {
            var booked = Ground.send(
                    container, openAi(container, AUDITOR, "POST", book()).json(byToken));
            assertThat(booked.text()).as("a request, and its repetition").contains("\"lines\":1");
        }
        Answers.refused(
                Ground.send(
                        container, openAi(container, AUDITOR, "POST", book()).json(byToken.replace("search", "other"))),
                409,
                "invalid_request_error");
        var sameKey = openAi(container, AUDITOR, "POST", book())
                .json("{\"reason\":\"nothing is open\"}")
                .field("Idempotency-Key", "month-end");
        assertThat(Ground.send(container, sameKey).text())
                .as("the key of another caller")
                .contains("\"lines\":0");
        assertThat(get(container, API + "/adjustments?format=csv").text())
                .as("an access token has a name, whatever it gives as one")
                .contains(",search," + AUDITOR + " from 127.0.0.1,")
                .doesNotContain("grace");
        assertThat(audit(container))
                .as("what is booked, and no repetition and refusal")
                .containsExactly(
                        "admin.token (ada) book reconciliation/" + DAY + "  " + audited("=invoice", 1, "0.000100000"),
                        AUDITOR + " book reconciliation/" + DAY + "  " + audited("search", 2, "0.000500000"));
        // The organization has spent what Anthropic reports.
        assertThat(new LedgerSample(BoundDatabase.of(database))
                        .number("SELECT SUM(nanos) FROM warder_budget_adjustment WHERE reason = 'reconciliation'"))
                .isEqualTo(100_000 + 500_000);
        assertThat(ground.log().leaks()).isEmpty();
    }

    @Test
    void isForAdministratorsOnly() throws Exception {
        var container = node("guarded", "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        for (var path : List.of("/admin/reconciliation", API, API + "/adjustments", API + "/run", book())) {
            Answers.refused(
                    Ground.send(container, request(container, "laptop", "GET", path)), 401, "authentication_error");
            var browser = Ground.send(
                    container, Ground.request(container, "GET", path).field("Accept", "text/html"));
            assertThat(browser.status()).isEqualTo(401);
            assertThat(browser.text()).contains("type=\"password\"");
        }
        for (var path : List.of(API + "/run", book())) {
            Answers.refused(get(container, path), 405, "invalid_request_error");
        }
        for (var path : List.of("/admin/reconciliation", API, API + "/adjustments")) {
            Answers.refused(post(container, path, "{}"), 405, "invalid_request_error");
        }
        for (var path : List.of(API + "/2026-13-01/book", API + "/x", API + "/book", book() + "/x")) {
            Answers.refused(post(container, path, "{}"), 404, "not_found_error");
        }
    }

    @Test
    void refusesWhatIsMalformed() throws Exception {
        var container = node("malformed", "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        for (var query : List.of(
                "?from=x",
                "?to=2026-02-30",
                "?from=2026-11-02&to=2026-11-01",
                "?from=2024-01-01&to=2026-01-01",
                "?format=xml")) {
            Answers.refused(get(container, API + query), 400, "invalid_request_error");
        }
        for (var body : List.of(
                "{}",
                "{\"reason\":\" \"}",
                "{\"reason\":\"" + "x".repeat(201) + "\"}",
                "{\"reason\":\"a\\nb\"}",
                "{\"reason\":\"r\",\"name\":\"" + "x".repeat(65) + "\"}",
                "{\"reason\":\"r\",\"name\":\"ada (session)\"}",
                "{\"reason\":\"r\",\"version\":\"1e9\"}",
                "{\"reason\":\"r\",\"version\":\"\"}",
                "{\"reason\":\"r\",\"model\":\"\"}",
                "{\"reason\":\"r\",\"credential\":\"\"}",
                "{\"reason\":\"r\",\"Version\":\"" + "0".repeat(32) + "\"}",
                "{\"reason\":\"r\",\"open\":\"0\"}")) {
            Answers.refused(post(container, book(), body), 400, "invalid_request_error");
        }
        Answers.refused(post(container, book(), "{\"reason\":1}"), 413, "request_too_large");
        Answers.refused(post(container, API + "/2020-01-01/book", "{\"reason\":\"r\"}"), 400, "invalid_request_error");
    }

    @Test
    void aBrowserNeedsTheTokenOfItsForm() throws Exception {
        String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        var container = node("browser", database);
        var signIn = Ground.request(container, "POST", "/admin/login")
                .field("Content-Type", "application/x-www-form-urlencoded")
                .body(("next=reconciliation&token=" + ADMIN_TOKEN).getBytes(StandardCharsets.UTF_8));
        var signedIn = Ground.send(container, signIn);
        assertThat(signedIn.fields().first("location").orElseThrow()).endsWith("reconciliation");
        var cookie = signedIn.fields().first("set-cookie").orElseThrow().replaceFirst(";.*", "");
        var page = Ground.send(
                container,
                Ground.request(container, "GET", "/admin/reconciliation")
                        .field("Cookie", cookie)
                        .field("Accept", "text/html"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains("<h1>Reconciliation</h1>", "Look now")
                .doesNotContain("<script", AdminApiServer.KEY);
        assertThat(page.fields().first("content-security-policy").orElseThrow())
                .startsWith("default-src 'none';")
                .doesNotContain("unsafe");
        Answers.refused(form(container, cookie, "/run", "x=y"), 403, "permission_error");
        Answers.refused(form(container, cookie, "/run", "csrf=wrong"), 403, "permission_error");
        var csrf = CSRF.matcher(page.text());
        assertThat(csrf.find()).isTrue();
        assertThat(form(container, cookie, "/run", "csrf=" + csrf.group(1)).status())
                .isEqualTo(202);
    }

    @Test
    void stopsTheDeploymentWithEveryProblemByName() throws Exception {
        var container = ground.container(
                "wrong", governedWithKey("wrong").with("reconcile.map", "apikey_1=stranger,key=primary"));
        assertThat(container.deployed()).isFalse();
        assertThat(ground.log().lines("dev.warder", Level.SEVERE))
                .extracting(line -> line.text())
                .anyMatch(text -> text.contains("reconcile.map: entry 1: there is no credential of this name"))
                .anyMatch(text -> text.contains("reconcile.map: entry 2: the id must be that of an API key"));
    }

    @Test
    void needsADatabase() throws Exception {
        var container = ground.container("none", withKey(ground.usual()).with("reconcile.map", "apikey_1=primary"));
        assertThat(container.deployed()).isFalse();
        assertThat(ground.log().lines("dev.warder", Level.SEVERE))
                .extracting(line -> line.text())
                .anyMatch(text -> text.contains("reconcile.key: needs a database"));
    }

    private static String book() {
        return API + "/" + DAY + "/book";
    }

    private Deployment governedWithKey(String name) throws Exception {
        ground.log().plant(ADMIN_TOKEN, AdminApiServer.KEY);
        write(
                name,
                policy(1, CLIENTS + ", \"organization\": {\"budgets\": [{\"amount\": \"5\", \"period\": \"month\"}]}"));
        return withKey(governed(name).with("budget.default", "unlimited"));
    }

    private Deployment withKey(Deployment deployment) {
        return deployment
                .with("admin.token", "jndi:warder/secret.admin")
                .withJndi("warder/secret.admin", ADMIN_TOKEN)
                .with("reconcile.url", server.url().toString())
                .with("reconcile.key", "jndi:warder/secret.reconcile")
                .withJndi("warder/secret.reconcile", AdminApiServer.KEY);
    }

    private Container node(String name, String database) throws Exception {
        databases.add(database);
        var container = ground.container(
                "reconcile-" + name,
                governedWithKey(name).with("reconcile.map", "apikey_1=primary").withDatabase(database));
        assertThat(container.deployed()).isTrue();
        awaitReady(container);
        return container;
    }

    /** Sends a request, and has its row as if it had ended on the last day that is looked at. */
    private void sendOnThatDay(Container container, String database) throws Exception {
        ground.upstream().next((request, reply) -> reply.json(200, message()));
        assertThat(Ground.send(
                                container,
                                request(container, "laptop", "POST", MESSAGES).json(body(MODEL)))
                        .status())
                .isEqualTo(200);
        var sample = new LedgerSample(BoundDatabase.of(database));
        Eventually.holds(PATIENCE, () -> sample.number("SELECT COUNT(*) FROM warder_ledger") == 1);
        sample.execute("UPDATE warder_ledger SET ended_at = TIMESTAMP WITH TIME ZONE '" + DAY + " 12:00:00+00'");
    }

    private static RawResponse get(Container container, String path) throws IOException {
        return Ground.send(container, administrator(container, "GET", path));
    }

    private static RawResponse post(Container container, String path, String json) throws IOException {
        return Ground.send(container, administrator(container, "POST", path).json(json));
    }

    private static RawResponse form(Container container, String cookie, String path, String form) throws IOException {
        return Ground.send(
                container,
                Ground.request(container, "POST", API + path)
                        .field("Cookie", cookie)
                        .field("Content-Type", "application/x-www-form-urlencoded")
                        .body(form.getBytes(StandardCharsets.UTF_8)));
    }

    private static RawRequest administrator(Container container, String method, String path) {
        return Ground.request(container, method, path).field("Authorization", "Bearer " + ADMIN_TOKEN);
    }

    private static RawResponse repeatable(Container container, String json) throws IOException {
        return Ground.send(
                container,
                administrator(container, "POST", book())
                        .json(json)
                        .field("Idempotency-Key", "month-end")
                        .field("X-Warder-Administrator", "ada"));
    }

    /** Who, what was done, to what, and the content before and after. */
    private static List<String> audit(Container container) throws IOException {
        return document(container, "/admin/api/audit").getJsonArray("data").getValuesAs(JsonObject.class).stream()
                .map(entry -> entry.getString("actor") + " " + entry.getString("action") + " "
                        + entry.getString("subject") + " " + entry.getString("before") + " " + entry.getString("after"))
                .toList();
    }

    private static String audited(String reason, int booking, String amount) {
        return "{\"amount\":\"" + amount + "\",\"reason\":\"" + reason + "\",\"lines\":[{\"model\":\"" + MODEL
                + "\",\"credential\":\"primary\",\"booking\":" + booking + ",\"amount\":\"" + amount + "\"}]}";
    }

    private static JsonObject list(Container container) throws IOException {
        return document(container, API);
    }

    private static JsonObject document(Container container, String path) throws IOException {
        var answer = get(container, path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        try (var reader = Json.createReader(new StringReader(answer.text()))) {
            return reader.readObject();
        }
    }

    private static JsonObject line(Container container) throws IOException {
        return list(container).getJsonArray("lines").getJsonObject(0);
    }

    private static String version(Container container) throws IOException {
        return list(container).getJsonArray("days").getValuesAs(JsonObject.class).stream()
                .filter(day -> day.getString("day").equals(DAY.toString()))
                .findFirst()
                .orElseThrow()
                .getString("version");
    }

    /** What the first line says of the ledger; empty before there is one. */
    private static String ledgerCost(Container container) throws IOException {
        var lines = list(container).getJsonArray("lines");
        return lines.isEmpty()
                ? ""
                : lines.getJsonObject(0).getJsonObject("ledger").getString("cost");
    }

    private static String message() {
        return "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":600,\"output_tokens\":500}}";
    }
}
