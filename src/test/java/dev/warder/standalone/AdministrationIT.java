package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.cli.Command;
import dev.warder.cli.CommandLine;
import dev.warder.cli.Console;
import dev.warder.cli.UsageException;
import dev.warder.cli.run.OneShots;
import dev.warder.contract.Eventually;
import dev.warder.testkit.CheckedFront;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Postgres;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands for administrators against a gateway with an embedded database that only this gateway can open. */
@Tag("turn-2")
@Tag("turn-only")
class AdministrationIT {
    private static final String ADMIN_TOKEN = "admin-" + "director".repeat(4);
    private static final Duration PATIENCE = Limit.seconds(30);
    private static final String HASH = "a".repeat(64);

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>(Map.of("ADMIN", ADMIN_TOKEN));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int started;

    AdministrationIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void anOrganizationIsRunWithoutAFile() throws Exception {
        try (var gateway = gateway()) {
            var url = gateway.base();
            assertThat(good(url, "team", "create", "blue", "--budgets=1000/month"))
                    .isEqualTo("team/blue: created\n");
            good(url, "client", "create", "ada@example.com", "--kind=person", "--teams=blue", "--external-id=Adä");
            String token = good(url, "token", "create", "ada-laptop", "--client=ada@example.com", "--expires=90d")
                    .strip();
            assertThat(use(url, token)).isEqualTo("200 message");

            good(url, "limit", "create", "client/ada@example.com", "--requests-per-minute=1");
            assertThat(use(url, token)).isEqualTo("200 message");
            assertThat(use(url, token)).isEqualTo("429 rate_limit_error");
            good(url, "limit", "set", "client/ada@example.com", "--requests-per-minute=", "--concurrent-requests=9");
            assertThat(use(url, token)).isEqualTo("200 message");
            assertThat(good(url, "limit", "show", "client/ada@example.com")
                            .lines()
                            .toList())
                    .last()
                    .asString()
                    .matches("client/ada@example.com +- +- +- +9 +database");

            good(url, "budget", "create", "client/ada@example.com", "0/day");
            assertThat(use(url, token)).isEqualTo("429 billing_error");
            good(url, "budget", "set", "client/ada@example.com", "5.50/day", "--on-exhausted=finish");
            assertThat(use(url, token)).isEqualTo("200 message");
            var budgets = object(good(url, "budget", "show", "client/ada@example.com", "--json"));
            assertThat(budgets.getJsonArray("budgets").getJsonObject(0))
                    .isEqualTo(json("{'amount':'5.50','period':'day','on_exhausted':'finish'}"));

            var shown = object(good(url, "client", "show", "ada@example.com", "--json"));
            assertThat(shown.getJsonObject("definition").getString("external_id"))
                    .isEqualTo("Adä");
            assertThat(array(good(url, "client", "list", "--json")))
                    .singleElement()
                    .isEqualTo(shown);
            assertThat(array(good(url, "token", "list", "--client=ada@example.com", "--json")))
                    .hasSize(1);
            assertThat(bad(url, "team", "revoke", "blue")).contains("client/ada@example.com");

            good(url, "token", "revoke", "ada-laptop");
            assertThat(use(url, token)).isEqualTo("401 authentication_error");
            assertThat(good(url, "client", "revoke", "ada@example.com")).contains("its tokens are revoked");
            good(url, "team", "revoke", "blue");
            assertThat(array(good(url, "client", "list", "--json"))).isEmpty();
            assertThat(good(url, "audit", "list")).contains("admin.token (" + System.getProperty("user.name") + ")");
            assertThat(gateway.process().err() + out + err)
                    .doesNotContain(token)
                    .doesNotContain(ADMIN_TOKEN);
        }
    }

    /** Tags have {@code :} and {@code =}, models {@code *}, {@code /} and brackets. */
    @Test
    void everyNameHasAPath() throws Exception {
        try (var gateway = gateway()) {
            var url = gateway.base();
            var owners = List.of(
                    "tag/cost:a=b@c.d", "model/vendor/claude-*", "model/claude-opus-5[1m]", "organization", "sessions");
            for (var owner : owners) {
                good(url, "budget", "create", owner, "7/week");
                good(url, "budget", "set", owner, "8/week");
                assertThat(array("[" + good(url, "budget", "show", owner, "--json") + "]"))
                        .extracting(each -> each.asJsonObject().getString("owner"))
                        .containsExactly(owner);
            }
            assertThat(array(good(url, "budget", "list", "--json"))).hasSize(owners.size());
            good(url, "limit", "create", "model/vendor/claude-*", "--output-tokens-per-minute=10");
            for (var owner : owners) {
                good(url, "budget", "revoke", owner + "/week");
            }
            assertThat(array(good(url, "budget", "list", "--json"))).isEmpty();
            assertThat(array(good(url, "limit", "list", "--json"))).hasSize(1);
            good(url, "limit", "revoke", "model/vendor/claude-*");
            assertThat(array(good(url, "limit", "list", "--json"))).isEmpty();
        }
    }

    @Test
    void anAccessTokenWithTheRightAdministersToo() throws Exception {
        try (var gateway = gateway()) {
            var url = gateway.base();
            good(url, "client", "create", "ops", "--kind=service");
            var reader = good(url, "token", "create", "reader", "--client=ops", "--rights=admin:read");
            var plain = good(url, "token", "create", "plain", "--client=ops");
            environment.put("READER", reader.strip());
            environment.put("PLAIN", plain.strip());
            assertThat(run(url, "env:READER", "client", "list")).isZero();
            assertThat(run(url, "env:READER", "client", "revoke", "ops")).isEqualTo(1);
            assertThat(err()).contains("the token may not do this").contains("admin:write");
            assertThat(run(url, "env:PLAIN", "client", "list")).isEqualTo(1);
            assertThat(err()).contains("admin:read");
            good(url, "token", "revoke", "reader");
            assertThat(run(url, "env:READER", "client", "list")).isEqualTo(1);
            assertThat(err()).contains("does not accept the token");
            environment.put("WRONG", "wrong".repeat(8));
            assertThat(run(url, "env:WRONG", "client", "list")).isEqualTo(1);
            assertThat(err()).contains("does not accept the token").doesNotContain("wrongwrong");
            assertThat(run(URI.create("http://127.0.0.1:" + FreePort.next()), "env:ADMIN", "client", "list"))
                    .isEqualTo(1);
            assertThat(err()).contains("was not reached");
        }
    }

    @Test
    void filesAreImported() throws Exception {
        var policy = Files.writeString(
                folder.resolve("policy.json"),
                "{\"version\":1,\"teams\":[{\"name\":\"red\"}],\"clients\":[{\"name\":\"bob\",\"kind\":\"person\","
                        + "\"teams\":[\"red\"]}]}");
        var clients = Files.writeString(folder.resolve("tokens"), "bob id=abcdefgh sha256=" + HASH + "\n");
        try (var gateway = gateway()) {
            var url = gateway.base();
            assertThat(good(url, "import", "--policy.file=" + policy, "--clients.file=" + clients))
                    .isEqualTo("imported: 2 objects and 1 tokens\n");
            assertThat(object(good(url, "import", "--policy.file=" + policy, "--clients.file=" + clients, "--json"))
                            .getInt("objects"))
                    .as("again")
                    .isZero();
            assertThat(object(good(url, "token", "show", "bob", "--json")).getString("id"))
                    .isEqualTo("abcdefgh");
            assertThat(good(url, "client", "show", "bob")).contains("teams:        red\n");
            assertThat(good(url, "audit", "verify")).startsWith("3:");
        }
    }

    @Test
    void aChangedAuditIsFound() throws Exception {
        String head;
        try (var gateway = gateway()) {
            var url = gateway.base();
            for (var name : List.of("blue", "red", "green")) {
                good(url, "team", "create", name);
            }
            head = good(url, "audit", "verify").strip();
            assertThat(head).matches("3:[0-9a-f]{64}");
            good(url, "team", "create", "white");
            good(url, "audit", "verify", "--head=" + head);
            assertThat(bad(url, "audit", "verify", "--head=3:" + HASH)).contains("another hash than --head");
            assertThat(bad(url, "audit", "verify", "--head=9:" + HASH)).contains("it ends with entry 4");
            var lines = good(url, "audit", "export")
                    .lines()
                    .map(AdministrationIT::object)
                    .toList();
            assertThat(lines).extracting(entry -> entry.getInt("number")).containsExactly(1, 2, 3, 4);
            assertThat(lines.get(2).getString("hash")).isEqualTo(head.substring(2));
            gateway.stop();
        }
        change("UPDATE warder_audit SET actor = 'another' WHERE number = 2");
        try (var gateway = gateway()) {
            assertThat(bad(gateway.base(), "audit", "verify"))
                    .isEqualTo("warder: audit verify: the audit was tampered with: entry 2 was changed: its hash is"
                            + " another one\n");
            gateway.stop();
        }
        change("DELETE FROM warder_audit WHERE number >= 2");
        try (var gateway = gateway()) {
            good(gateway.base(), "audit", "verify");
            assertThat(bad(gateway.base(), "audit", "verify", "--head=" + head)).contains("it ends with entry 1");
        }
    }

    /** From one node with an embedded database to several nodes with one database: nothing that counts is lost. */
    @Test
    void theEmbeddedDatabaseMovesToPostgres() throws Exception {
        String token;
        String head;
        String[] copy = {
            "database",
            "copy",
            "--data.dir=" + folder.resolve("data"),
            "--database.url=" + postgres.anotherAddress(),
            // Settings of the gateway in the same file do not matter, nor what they refer to.
            "--admin.token=env:ABSENT"
        };
        try (var gateway = gateway()) {
            var url = gateway.base();
            good(url, "team", "create", "blue", "--external-id=Kostenstelle \"7\", Köln");
            good(url, "client", "create", "ada", "--kind=person", "--teams=blue");
            good(url, "budget", "create", "client/ada", "5.50/day");
            token = good(url, "token", "create", "laptop", "--client=ada").strip();
            assertThat(use(url, token)).isEqualTo("200 message");
            assertThat(use(url, token)).isEqualTo("200 message");
            Eventually.holds(PATIENCE, () -> ledger(url).size() == 2);
            assertThat(war(copy)).as("while it runs").startsWith("2||warder: data.dir: another process uses ");
            head = good(url, "audit", "verify").strip();
            gateway.stop();
        }
        assertThat(war(copy))
                .startsWith("0|warder_ledger: 2 rows\n")
                .contains("warder_policy_object: 2 rows\n", "warder_audit: 4 rows\n")
                .contains("\nCopied. Start the gateways with database.url now.\n|");
        assertThat(war(copy))
                .startsWith("1||")
                .containsPattern("warder: the database of database\\.url has rows in warder_[a-z_]+; give an empty one,"
                        + " which no gateway has used\n");
        try (var gateway = gateway(copy[3])) {
            var url = gateway.base();
            assertThat(ledger(url)).hasSize(2);
            assertThat(good(url, "audit", "verify", "--head=" + head)).isEqualTo(head + "\n");
            assertThat(good(url, "team", "show", "blue")).contains("Kostenstelle \"7\", Köln");
            assertThat(use(url, token)).isEqualTo("200 message");
            good(url, "token", "revoke", "laptop");
            assertThat(use(url, token)).isEqualTo("401 authentication_error");
            assertThat(good(url, "audit", "verify")).startsWith("5:");
        }
    }

    private static List<String> ledger(URI url) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create(url + "/admin/api/ledger?from=2026-01-01T00:00:00Z&format=jsonl"))
                .header("authorization", "Bearer " + ADMIN_TOKEN)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }

    /** The built WAR as an administrator runs it: results on standard output, all else on standard error. */
    @Test
    void theWarHasTheCommands() throws Exception {
        try (var gateway = gateway()) {
            var url = "--url=" + gateway.base();
            var file = Files.writeString(folder.resolve("token"), ADMIN_TOKEN + "\n");
            var admin = "--admin.token=file:" + file;
            assertThat(war("client", "create", "build", "--kind=service", url, admin))
                    .isEqualTo("0|client/build: created\n|");
            assertThat(war("token", "create", "ci", "--client=build", url, admin))
                    .matches("0\\|wrd_[a-z2-7]{8}_[a-z2-7]{59}\n\\|token [a-z2-7]{8} \\(ci\\) of client/build, .*\n");
            assertThat(war("token", "create", "near", "--client=build", "--networks=127.0.0.1", url, admin))
                    .startsWith("0|wrd_");
            gateway.process().awaitLog("java -jar knows the address of the connection only");
            assertThat(war("client", "show", "absent", url, admin))
                    .isEqualTo("1||warder: client show: there is no client/absent\n");
            assertThat(war("client", "shw", "build")).startsWith("2||warder: client: needs one of list");
        }
    }

    private String war(String... arguments) throws Exception {
        try (var process = new WarderProcess(Files.createDirectories(folder.resolve("c" + ++started)), arguments)) {
            int exitCode = process.exitCode();
            return exitCode + "|" + process.out() + "|" + process.err();
        }
    }

    /** A gateway whose answers to the commands are checked by its OpenAPI document. */
    private record Gateway(WarderProcess process, CheckedFront front) implements AutoCloseable {
        URI base() {
            return front.base();
        }

        void stop() throws InterruptedException {
            process.terminate();
            process.exitCode();
        }

        @Override
        public void close() {
            try (process) {
                front.close();
            }
        }
    }

    private Gateway gateway(String... settings) throws Exception {
        var own = Files.createDirectories(folder.resolve("g" + ++started));
        var token = Files.writeString(own.resolve("token"), ADMIN_TOKEN);
        var clients = folder.resolve("clients");
        if (!Files.exists(clients)) {
            Files.createFile(clients);
        }
        var arguments = new ArrayList<>(List.of(
                "--demo",
                "--port=0",
                "--data.dir=" + folder.resolve("data"),
                "--clients.file=" + clients,
                "--policy.database=true",
                "--admin.token=file:" + token));
        arguments.addAll(List.of(settings));
        var gateway = new WarderProcess(own, arguments.toArray(String[]::new));
        var ready = URI.create(gateway.base() + "/health/ready");
        Eventually.holds(PATIENCE, () -> status(HttpRequest.newBuilder(ready).build()) == 200);
        return new Gateway(gateway, CheckedFront.of(gateway.base()));
    }

    private static int status(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private void change(String statement) throws SQLException {
        var database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + folder.resolve("data").resolve("warder"));
        database.setUser("warder");
        try (var connection = database.getConnection();
                var change = connection.createStatement()) {
            assertThat(change.executeUpdate(statement)).isPositive();
        }
    }

    /** What a command prints that succeeds. */
    private String good(URI url, String... arguments) throws UsageException {
        assertThat(run(url, "env:ADMIN", arguments)).as(this::err).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What a command reports that is refused. */
    private String bad(URI url, String... arguments) throws UsageException {
        assertThat(run(url, "env:ADMIN", arguments)).isEqualTo(1);
        assertThat(out.size()).isZero();
        return err();
    }

    private int run(URI url, String token, String... arguments) throws UsageException {
        out.reset();
        err.reset();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url=" + url, "--admin.token=" + token));
        var command = (Command.OneShot) CommandLine.parse(all.toArray(String[]::new));
        var console = new Console(
                new BufferedReader(Reader.nullReader()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.ofNullable(environment.get(name)));
        return new OneShots(console, Path.of("no-such-folder"), new SecureRandom()).run(command);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** The status, and the type of the document or of its error. */
    private static String use(URI url, String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/messages"))
                .header("x-api-key", token)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"messages\":"
                        + "[{\"role\":\"user\",\"content\":\"Hello\"}]}"))
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        var document = object(response.body());
        String type = document.containsKey("error")
                ? document.getJsonObject("error").getString("type")
                : document.getString("type");
        return response.statusCode() + " " + type;
    }

    private static JsonObject json(String text) {
        return object(text.replace('\'', '"'));
    }

    private static JsonObject object(String text) {
        return value(text).asJsonObject();
    }

    private static List<JsonValue> array(String text) {
        return value(text).asJsonArray();
    }

    private static JsonValue value(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }
}
