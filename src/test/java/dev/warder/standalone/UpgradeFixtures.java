package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.auth.AccessToken;
import dev.warder.contract.Eventually;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the archives in {@code src/test/resources/upgrade} with the WAR of an earlier version. It is part of no run of tests; the
 * README there has the command. An archive has the folder of a node that was killed, for PostgreSQL the statements that make its
 * database, the node's tokens, and its own responses about what it had stored.
 */
@Timeout(600)
class UpgradeFixtures {
    private static final String WAR = System.getProperty("warder.before", "");
    private static final String POSTGRES = System.getProperty("warder.before.postgres", "");
    private static final Path RESULT = Path.of("src/test/resources/upgrade").toAbsolutePath();
    private static final Duration PATIENCE = Limit.seconds(30);
    private static final String ADMIN_TOKEN = "admin-" + "upgrades".repeat(4);
    private static final String SESSION = "x-claude-code-session-id";
    private static final Pattern MODEL = Pattern.compile("\"model\":\"([^\"]+)\"");
    private static final LocalDate YESTERDAY = LocalDate.now(ZoneOffset.UTC).minusDays(1);

    /** The version is higher than the number of changes in the database will be. */
    private static final String POLICY =
            """
            {"version": 2026,
             "organization": {"budgets": [{"amount": "100", "period": "month"}]},
             "teams": [{"name": "blue", "budgets": [{"amount": "20", "period": "lifetime"}]}],
             "clients": [
               {"name": "ada", "kind": "person", "token_names": ["laptop"],
                "budgets": [{"amount": "1", "period": "lifetime"}]},
               {"name": "build", "kind": "service", "token_names": ["ci"], "teams": ["blue"],
                "budgets": [{"amount": "5", "period": "month"}, {"amount": "0.1", "period": "day", "mode": "warn"}],
                "limits": {"requests_per_minute": 100}}]}
            """;

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> tokens = new TreeMap<>();
    private final ScriptedUpstream upstream;
    private final ScriptedUpstream webhook;
    private final AdminApiServer reports;
    private final List<WarderProcess> nodes = new ArrayList<>();
    private URI base = URI.create("http://127.0.0.1");
    private int rows;

    UpgradeFixtures() throws IOException {
        upstream = ScriptedUpstream.plain().script(UpgradeFixtures::respond);
        webhook = ScriptedUpstream.plain().script((request, reply) -> reply.json(200, "{}"));
        reports = AdminApiServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        nodes.forEach(WarderProcess::close);
        upstream.close();
        webhook.close();
        reports.close();
    }

    @Test
    void ofH2() throws Exception {
        var database = "jdbc:h2:file:" + data().resolve("warder") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        make("h2", database, () -> {
            sendAtOnce("late", 30);
            nodes.forEach(WarderProcess::close);
            assertThat(storedInCopy()).as("rows that the journal alone has").isLessThan(30);
        });
    }

    @Test
    void ofPostgres() throws Exception {
        assumeTrue(!POSTGRES.isEmpty(), "-Dwarder.before.postgres=URL names an empty database");
        make("postgres", POSTGRES, () -> {
            try (var connection = BoundDatabase.of(POSTGRES).getConnection();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE warder_ledger IN ACCESS EXCLUSIVE MODE");
                sendAtOnce("late", 30);
                nodes.forEach(WarderProcess::close);
                connection.rollback();
            }
            Files.writeString(folder.resolve("fixture/database.sql"), dump());
        });
    }

    private interface End {
        void killNode() throws Exception;
    }

    private void make(String name, String database, End end) throws Exception {
        assumeTrue(!WAR.isEmpty(), "-Dwarder.before=PATH names the WAR of the earlier version");
        Files.createDirectories(folder.resolve("fixture"));
        runWithTheFile(database);
        runWithTheDatabase(database);
        runWithAJournal(database, end);
        var text = new StringBuilder();
        tokens.forEach((token, secret) -> text.append(token + "=" + secret.replace(AccessToken.PREFIX, "") + "\n"));
        Files.writeString(folder.resolve("fixture/tokens"), text);
        zip(RESULT.resolve(name + ".zip"));
    }

    /** Budgets of policy.file in periods, thresholds that are sent, and the import of the file; it stops in order. */
    private void runWithTheFile(String database) throws Exception {
        Files.writeString(folder.resolve("policy"), POLICY);
        var clients = clientsLine("laptop") + clientsLine("ci");
        Files.writeString(folder.resolve("clients"), clients);
        startOn(database, "--policy.file=" + folder.resolve("policy"), "--clients.file=" + folder.resolve("clients"));
        for (int i = 1; i <= 5; i++) {
            send("laptop", "large-" + i, "claude-haiku-4-5");
        }
        Eventually.holds(PATIENCE, () -> webhook.requests().stream()
                .anyMatch(request -> request.text().contains("client/ada/lifetime")
                        && request.text().contains("\"0.8\"")));
        for (int i = 1; i <= 4; i++) {
            send("ci", "file-" + i, i % 2 == 0 ? "claude-sonnet-4-5" : "claude-haiku-4-5");
        }
        awaitRows();
        var files = Json.createObjectBuilder()
                .add("policy_file", object(POLICY))
                .add("clients_file", clients)
                .build();
        admin("POST", "import", files.toString());
        nodes.get(0).terminate();
        assertThat(nodes.get(0).exitCode()).isEqualTo(143);
        // A day is compared from that of the first row on.
        Sql.execute(
                database.startsWith("jdbc:h2:") ? h2(data().resolve("warder")) : BoundDatabase.of(database),
                "UPDATE warder_ledger SET ended_at = ended_at - INTERVAL '1' DAY WHERE session_id = 'file-1'");
    }

    private static DataSource h2(Path file) {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + file);
        source.setUser("warder");
        return source;
    }

    /** What administrators and clients keep in the database; killed without a folder, while two requests are open. */
    private void runWithTheDatabase(String database) throws Exception {
        reports.usage(YESTERDAY, "apikey_1", "claude-haiku-4-5", 600, 0, 0, 0, 500)
                .cost(YESTERDAY, "claude-haiku-4-5", "uncached_input_tokens", "0.06")
                .cost(YESTERDAY, "claude-haiku-4-5", "output_tokens", "0.25");
        startOn(
                database,
                "--reconcile.url=" + reports.url(),
                "--reconcile.key=value:" + AdminApiServer.KEY,
                "--reconcile.map=apikey_1=team");
        admin(
                "POST",
                "clients",
                "{'name':'bob','kind':'service','teams':['blue'],'budgets':[{'amount':'2','period':'lifetime'},"
                        + "{'amount':'1','period':'day'}],'limits':{'requests_per_minute':200,'concurrent_requests':50}}");
        admin("POST", "clients", "{'name':'boss','kind':'person','budgets':'unlimited'}");
        admin("POST", "clients", "{'name':'eve','kind':'person','budgets':'unlimited'}");
        admin("POST", "tags", "{'name':'night','budgets':[{'amount':'9','period':'week'}]}");
        admin(
                "POST",
                "models",
                "{'name':'claude-opus-*','budgets':[{'amount':'50','period':'month','mode':'shadow'}]}");
        create("robot", "bob", "'tags':['night']");
        create("chief", "boss", "'rights':['managed','admin:write']");
        create("spare", "bob", "'networks':['127.0.0.0/8'],'models':['claude-*']");
        create("lost", "eve", "");
        admin("DELETE", "tokens/" + create("old", "bob", ""), "");
        admin("DELETE", "clients/eve", "");
        var asked = ask("robot", "increase_requests", "{'period':'daily','amount':'500','reason':'a demo'}");
        ask("robot", "increase_requests", "{'period':'monthly','amount':'90000','reason':'more'}");
        ok(RawRequest.of(
                        "POST", "/v1/organizations/spend_limit_increase_requests/" + asked.getString("id") + "/approve")
                .field("x-api-key", token("chief"))
                .json("{\"amount\":\"700\"}"));
        for (int i = 1; i <= 6; i++) {
            send("robot", "base-" + i, i % 2 == 0 ? "claude-sonnet-4-5" : "claude-haiku-4-5");
        }
        Eventually.holds(PATIENCE, () -> !reconciliation().getJsonArray("lines").isEmpty());
        var day = reconciliation().getJsonArray("days").getJsonObject(0);
        assertThat(day.getString("day")).isEqualTo(YESTERDAY.toString());
        admin(
                "POST",
                "reconciliation/" + YESTERDAY + "/book",
                "{'reason':'invoice','version':'" + day.getString("version") + "'}");
        awaitRows();
        keep("ledger", "ledger?format=jsonl&from=2026-01-01");
        for (var resource : List.of("clients", "teams", "tags", "models", "tokens", "audit")) {
            keep(resource, resource + "?limit=1000");
        }
        keep("organization", "organization");
        keep("reconciliation", "reconciliation?from=" + YESTERDAY + "&to=" + YESTERDAY);
        open("open-1", "open-2");
        nodes.get(1).close();
    }

    /** A node with a folder, killed while two requests are open, and rows are in its journal alone. */
    private void runWithAJournal(String database, End end) throws Exception {
        if (database.startsWith("jdbc:h2:")) {
            start(List.of("--data.dir=" + data()));
        } else {
            startOn(database, "--data.dir=" + data());
        }
        for (int i = 1; i <= 3; i++) {
            send("robot", "journal-" + i, "claude-haiku-4-5");
        }
        awaitRows();
        open("open-3", "open-4");
        end.killNode();
    }

    private Path data() {
        return folder.resolve("fixture/data");
    }

    private String clientsLine(String name) {
        var token = AccessToken.generate(new SecureRandom());
        tokens.put(name, token.reveal());
        return token.line(name) + "\n";
    }

    private String token(String name) {
        return tokens.getOrDefault(name, "none");
    }

    private void startOn(String database, String... settings) throws Exception {
        var all = new ArrayList<String>(List.of("--database.url=" + database));
        if (database.startsWith("jdbc:h2:")) {
            // That of the database that a node makes in its folder.
            all.add("--database.user=warder");
        }
        all.addAll(List.of(settings));
        start(all);
    }

    private void start(List<String> settings) throws Exception {
        var home = Files.createDirectories(folder.resolve("start" + nodes.size()));
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + home.resolve("tmp"),
                "-jar",
                WAR,
                "--port=0",
                "--policy.database=true",
                "--budget.default=unlimited",
                "--budget.webhook=" + webhook.uri() + "/hook",
                "--budget.webhookKey=value:" + Base64.getEncoder().encodeToString(new byte[32]),
                "--upstream.url=" + upstream.uri(),
                "--upstream.credentials=team=value:the-key",
                "--admin.token=value:" + ADMIN_TOKEN));
        command.addAll(settings);
        var node = new WarderProcess(home, Map.of(), command);
        nodes.add(node);
        base = node.base();
        var ready = RawRequest.of("GET", "/health/ready").bearer(ADMIN_TOKEN);
        Eventually.holds(PATIENCE, () -> RawClient.exchange(base, ready).status() == 200);
    }

    private static void respond(RecordedRequest request, Reply reply) throws Exception {
        var session = request.fields().first(SESSION).orElseThrow();
        if (session.startsWith("open")) {
            reply.await(new CountDownLatch(1));
        }
        var model = MODEL.matcher(request.text());
        assertThat(model.find()).isTrue();
        long input = session.startsWith("large") ? 150_000 : 1000;
        reply.json(
                200,
                "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + model.group(1)
                        + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\","
                        + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":" + input + ",\"output_tokens\":2000}}");
    }

    private RawRequest message(String token, String session, String model) {
        return RawRequest.of("POST", "/v1/messages")
                .field("x-api-key", token(token))
                .field(SESSION, session)
                .json("{\"model\":\"" + model + "\",\"max_tokens\":3000,\"messages\":[]}");
    }

    private void send(String token, String session, String model) throws IOException {
        ok(message(token, session, model));
        rows++;
    }

    private void sendAtOnce(String name, int count) throws Exception {
        var threads = new ArrayList<Thread>();
        for (int i = 1; i <= count; i++) {
            var request = message(i % 2 == 0 ? "chief" : "robot", name + "-" + i, "claude-haiku-4-5");
            threads.add(ScriptedUpstream.daemon(name + i, () -> {
                try {
                    ok(request);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }
        assertThat(upstream.requests().stream().filter(each -> session(each).startsWith(name)))
                .hasSize(count);
    }

    private void open(String... sessions) throws Exception {
        for (var session : sessions) {
            var request = message("robot", session, "claude-haiku-4-5");
            ScriptedUpstream.daemon(session, () -> {
                        try {
                            RawClient.exchange(base, request);
                        } catch (IOException killed) {
                            // As intended.
                        }
                    })
                    .start();
        }
        Eventually.holds(PATIENCE, () -> upstream.requests().stream()
                .map(UpgradeFixtures::session)
                .toList()
                .containsAll(List.of(sessions)));
    }

    private static String session(RecordedRequest request) {
        return request.fields().first(SESSION).orElse("");
    }

    private RawResponse ok(RawRequest request) throws IOException {
        var response = RawClient.exchange(base, request);
        assertThat(response.status()).as("%s", response).isBetween(200, 202);
        return response;
    }

    private RawResponse admin(String method, String resource, String json) throws IOException {
        var request = RawRequest.of(method, "/admin/api/" + resource).bearer(ADMIN_TOKEN);
        return ok(json.isEmpty() ? request : request.json(json.replace('\'', '"')));
    }

    private JsonObject ask(String token, String resource, String json) throws IOException {
        var request = RawRequest.of("POST", "/admin/api/" + resource)
                .bearer(token(token))
                .json(json.replace('\'', '"'));
        return object(ok(request).text());
    }

    /** The id of a new token. */
    private String create(String name, String client, String terms) throws IOException {
        var created = object(
                admin("POST", "tokens", "{'name':'" + name + "','client':'" + client + "','terms':{" + terms + "}}")
                        .text());
        tokens.put(name, created.getString("token"));
        return created.getString("id");
    }

    private JsonObject reconciliation() throws IOException {
        return object(admin("GET", "reconciliation?from=" + YESTERDAY + "&to=" + YESTERDAY, "")
                .text());
    }

    private void keep(String file, String resource) throws IOException {
        var answers = Files.createDirectories(folder.resolve("fixture/answers"));
        Files.writeString(answers.resolve(file), admin("GET", resource, "").text());
    }

    private void awaitRows() throws Exception {
        Eventually.holds(
                PATIENCE,
                () -> admin("GET", "ledger?format=jsonl&from=2026-01-01", "")
                                .text()
                                .lines()
                                .count()
                        == rows);
    }

    private long storedInCopy() throws Exception {
        Files.copy(data().resolve("warder.mv.db"), folder.resolve("copy.mv.db"));
        return Sql.number(
                h2(folder.resolve("copy")), "SELECT COUNT(*) FROM warder_ledger WHERE session_id LIKE 'late-%'");
    }

    private String dump() throws Exception {
        var file = folder.resolve("dump");
        var process = new ProcessBuilder(
                        "pg_dump", "--inserts", "--no-owner", "--no-privileges", POSTGRES.replaceFirst("^jdbc:", ""))
                .redirectOutput(file.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isZero();
        var text = new StringBuilder();
        for (var line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.matches("(--|SET |SELECT pg_catalog|\\\\).*")) {
                text.append(line + "\n");
            }
        }
        return text.toString();
    }

    private void zip(Path file) throws IOException {
        Files.createDirectories(RESULT);
        var from = folder.resolve("fixture");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file), StandardCharsets.UTF_8);
                var files = Files.walk(from)) {
            // H2's trace names folders of this machine.
            var kept = files.filter(Files::isRegularFile)
                    .filter(each -> !each.toString().endsWith(".trace.db"));
            for (var each : kept.sorted().toList()) {
                zip.putNextEntry(new ZipEntry(from.relativize(each).toString()));
                Files.copy(each, zip);
                zip.closeEntry();
            }
        }
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
