package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.observe.MetricName;
import dev.warder.observe.Scrape;
import dev.warder.reconcile.LedgerSample;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests through the gateway, compared with the reports of a server that behaves as Anthropic's Admin API. */
class ReconciliationContract extends PolicyGround {
    private static final String API = "/admin/api/reconciliation";

    private static final LocalDate DAY = LedgerSample.lastDay();

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    private final AdminApiServer server;

    ReconciliationContract() throws IOException {
        server = AdminApiServer.start();
    }

    @AfterEach
    final void forgetReports() {
        server.clear();
    }

    @AfterAll
    final void stop() throws IOException {
        server.close();
    }

    @Test
    void comparesInH2() throws Exception {
        compares("h2", database());
    }

    @Test
    void comparesInPostgres() throws Exception {
        compares("postgres", checked(postgres.anotherAddress()));
    }

    private void compares(String name, String database) throws Exception {
        server.usage(DAY, "apikey_1", MODEL, 600, 0, 0, 0, 500)
                .usage(DAY, "apikey_1", MODEL, 0, 0, 0, 0, 20)
                .cost(DAY, MODEL, "uncached_input_tokens", "0.06")
                .cost(DAY, MODEL, "output_tokens", "0.26");
        try (var before =
                ground.container("before-" + name, governedWithoutKey(name).withDatabase(database))) {
            awaitReady(before);
            sendOnThatDay(before, database);
        }
        var container = node(name, database);
        eventually(() -> !lines(container).isEmpty());
        var line = line(container);
        assertThat(line.getString("model")).isEqualTo(MODEL);
        assertThat(line.getJsonObject("ledger").getString("cost")).isEqualTo("0.003100000");
        assertThat(line.getJsonObject("report").getString("cost")).isEqualTo("0.003200000");
        assertThat(line.getString("difference")).isEqualTo("0.000100000");
        assertThat(line.getInt("tokensDiffer")).isEqualTo(20);
        assertThat(line.getString("state")).isEqualTo("open");
        assertThat(line.getBoolean("unexplained")).isTrue();
        var csv = get(container, API + "?format=csv");
        assertThat(csv.fields().first("content-type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.text()).startsWith("day,model,credential,state,");
        int requests = server.requests().size();
        var other = node(name + "-other", database);
        eventually(() -> list(other).containsKey("lastLook"));
        assertThat(line(other)).isEqualTo(line);
        assertThat(server.requests()).as("the other node reads nothing").hasSize(requests);
        measured(container);
        assertThat(log.leaks()).isEmpty();
    }

    /** The metrics of every part of a node, of which only the modules know which number belongs to which. */
    private static void measured(Container container) throws IOException {
        var scrape = Scrape.of(get(container, "/metrics").text());
        assertThat(Arrays.stream(MetricName.values())
                        .filter(name -> name.name().matches("(POLICY|LEDGER|BUDGET|RATE|RECONCILIATION|TELEMETRY)_.*"))
                        .map(Scrape::name))
                .isSubsetOf(scrape.types().keySet());
        assertThat(scrape.value("warder_reconciliation_difference_usd")).isEqualTo(0.0001);
        assertThat(scrape.value("warder_reconciliation_difference_tokens")).isEqualTo(20);
        assertThat(scrape.value("warder_policy_version")).isEqualTo(1);
        for (var zero : List.of("ledger_rows_lost_total", "budget_cut_total", "rate_limit_refused_total")) {
            assertThat(scrape.value("warder_" + zero)).as(zero).isZero();
        }
    }

    /** A line that an earlier version has booked, and the amount in the organization's budget. */
    @Test
    void whatWasBookedBeforeStillCounts() throws Exception {
        String database = postgres.anotherAddress();
        server.usage(DAY, "apikey_1", MODEL, 600).cost(DAY, MODEL, "uncached_input_tokens", "0.06");
        var container = node("booked", database);
        eventually(() -> !lines(container).isEmpty());
        var sample = new LedgerSample(BoundDatabase.of(database));
        sample.execute("UPDATE warder_reconciliation_line SET booked_nanos = 600000, bookings = 1");
        assertThat(line(container).getString("state")).isEqualTo("booked");
        assertThat(line(container).getString("booked")).isEqualTo("0.000600000");
        assertThat(line(container).getString("notBooked")).isEqualTo("0.000000000");
        assertThat(get(container, "/admin/reconciliation").text()).contains("\"state\":\"booked\"");
    }

    @Test
    void isForAdministratorsOnly() throws Exception {
        var container = node("guarded", database());
        for (var path : List.of("/admin/reconciliation", API)) {
            Answers.refused(send(container, request(container, "laptop", "GET", path)), 401);
            assertText(401, send(container, request(container, "GET", path).field("Accept", "text/html")))
                    .contains("type=\"password\"");
        }
        for (var path : List.of("/admin/reconciliation", API)) {
            Answers.refused(post(container, path, "{}"), 405);
        }
        for (var path : List.of(API + "/adjustments", API + "/run", API + "/" + DAY + "/book", API + "/x")) {
            Answers.refused(post(container, path, "{}"), 404);
        }
    }

    @Test
    void refusesWhatIsMalformed() throws Exception {
        var container = node("malformed", database());
        for (var query : items(
                """
                ?from=x, ?to=2026-02-30, ?from=2026-11-02&to=2026-11-01, ?from=2024-01-01&to=2026-01-01, ?format=xml""")) {
            Answers.refused(get(container, API + query), 400);
        }
    }

    @Test
    void hasAPageWithoutAScript() throws Exception {
        var container = node("browser", database());
        var cookie = signIn(container, "reconciliation", "reconciliation");
        var page = ok(
                container,
                request(container, "GET", "/admin/reconciliation")
                        .field("Cookie", cookie)
                        .field("Accept", "text/html"));
        assertThat(page.text()).contains("<h1>Reconciliation</h1>").doesNotContain("<script", AdminApiServer.KEY);
        assertThat(page.fields().first("content-security-policy").orElseThrow())
                .startsWith("default-src 'none';")
                .doesNotContain("unsafe");
    }

    @Test
    void stopsTheDeploymentWithEveryProblemByName() throws Exception {
        var container = ground.container(
                "wrong", governedWithKey("wrong").with("reconcile.map", "apikey_1=stranger,key=primary"));
        assertThat(container.deployed()).isFalse();
        assertThat(log.lines("dev.warder", Level.SEVERE))
                .extracting(line -> line.text())
                .anyMatch(text -> text.contains("reconcile.map: entry 1: there is no credential of this name"))
                .anyMatch(text -> text.contains("reconcile.map: entry 2: the id must be that of an API key"));
    }

    @Test
    void needsADatabase() throws Exception {
        var container = ground.container("none", withKey(ground.usual()).with("reconcile.map", "apikey_1=primary"));
        assertThat(container.deployed()).isFalse();
        assertThat(log.lines("dev.warder", Level.SEVERE))
                .extracting(line -> line.text())
                .anyMatch(text -> text.contains("reconcile.key: needs a database"));
    }

    private Deployment governedWithoutKey(String name) throws Exception {
        log.plant(AdminApiServer.KEY);
        write(
                name,
                policy(1, CLIENTS + ", \"organization\": {\"budgets\": [{\"amount\": \"5\", \"period\": \"month\"}]}"));
        return governed(name).with("budget.default", "unlimited");
    }

    private Deployment governedWithKey(String name) throws Exception {
        return withKey(governedWithoutKey(name));
    }

    private Deployment withKey(Deployment deployment) {
        return deployment
                .withSecret("admin.token", ADMIN_TOKEN)
                .with("reconcile.url", server.url().toString())
                .withSecret("reconcile.key", AdminApiServer.KEY);
    }

    private Container node(String name, String database) throws Exception {
        var container = deployed(
                "reconcile-" + name,
                governedWithKey(name)
                        .with("reconcile.map", "apikey_1=primary")
                        .with("budget.webhook", "http://127.0.0.1:1/")
                        .withSecret("budget.webhookKey", Base64.getEncoder().encodeToString(new byte[32]))
                        .with("otlp.url", "http://127.0.0.1:1")
                        .with("otlp.relay", "metrics")
                        .withDatabase(database));
        awaitReady(container);
        return container;
    }

    /** Sends a request, and has its row as if it had ended on the last day that is compared. */
    private void sendOnThatDay(Container container, String database) throws Exception {
        upstream.next(json(200, message()));
        ok(container, request(container, "laptop", "POST", MESSAGES).json(body(MODEL)));
        var sample = new LedgerSample(BoundDatabase.of(database));
        eventually(() -> sample.number("SELECT COUNT(*) FROM warder_ledger") == 1);
        sample.execute("UPDATE warder_ledger SET ended_at = TIMESTAMP WITH TIME ZONE '" + DAY + " 12:00:00+00'");
    }

    private static RawResponse get(Container container, String path) throws IOException {
        return send(container, administrator(container, "GET", path));
    }

    private static RawResponse post(Container container, String path, String json) throws IOException {
        return send(container, administrator(container, "POST", path).json(json));
    }

    private static JsonObject list(Container container) throws IOException {
        return Answers.json(assertStatus(200, get(container, API)));
    }

    private static JsonArray lines(Container container) throws IOException {
        return list(container).getJsonArray("lines");
    }

    private static JsonObject line(Container container) throws IOException {
        return lines(container).getJsonObject(0);
    }

    private static String message() {
        return "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":600,\"output_tokens\":500}}";
    }
}
