package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warder.cli.CommandLine;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.cli.Console;
import dev.warder.cli.OneShots;
import dev.warder.contract.Eventually;
import dev.warder.json.JsonTree;
import dev.warder.testkit.Limit;
import dev.warder.testkit.OpenApiCheck;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private InputStream in = InputStream.nullInputStream();
    private int started;

    AdministrationIT(@TempDir Path folder) {
        this.folder = folder;
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
            assertThat(object(good(url, "admin", "GET", "tokens/abcdefgh")).getString("client"))
                    .isEqualTo("bob");
            assertThat(good(url, "admin", "GET", "clients/bob")).contains("\"red\"");
            assertThat(good(url, "audit", "verify")).startsWith("3:");
        }
    }

    @Test
    void aChangedAuditIsFound() throws Exception {
        String head;
        try (var gateway = gateway()) {
            var url = gateway.base();
            for (var name : List.of("blue", "red", "green")) {
                post(url, "teams", "{'name':'" + name + "'}");
            }
            head = good(url, "audit", "verify").strip();
            assertThat(head).matches("3:[0-9a-f]{64}");
            post(url, "teams", "{'name':'white'}");
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
            assertThat(bad(gateway.base(), "audit", "verify"))
                    .isEqualTo(
                            "warder: audit verify: the database has lost entries of the audit that this node has had:"
                                    + " 2 create team/red, 3 create team/green, 4 create team/white\n");
            assertThat(bad(gateway.base(), "audit", "verify", "--head=" + head)).contains("it ends with entry 1");
            gateway.process().awaitLog("that this node has had: 2 create team/red, 3 create team/green, 4 create");
            gateway.stop();
        }
        Files.delete(folder.resolve("data").resolve("journal").resolve("audit.entries"));
        try (var gateway = gateway()) {
            assertThat(good(gateway.base(), "audit", "verify")).startsWith("1:");
        }
    }

    /** From one node with an embedded database to several nodes with one database: nothing that counts is lost. */
    @Test
    void theEmbeddedDatabaseMovesToPostgres() throws Exception {
        String token;
        String id;
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
            post(url, "teams", "{'name':'blue','external_id':'Kostenstelle 7, Köln'}");
            post(
                    url,
                    "clients",
                    "{'name':'ada','kind':'person','teams':['blue'],'budgets':[{'amount':'5.50','period':'day'}]}");
            var laptop = post(url, "tokens", "{'name':'laptop','client':'ada','terms':{}}");
            token = laptop.getString("token");
            id = laptop.getString("id");
            assertThat(use(url, token)).isEqualTo("200 message");
            assertThat(use(url, token)).isEqualTo("200 message");
            Eventually.holds(PATIENCE, () -> ledger(url).size() == 2);
            assertThat(war(copy)).as("while it runs").startsWith("2||warder: data.dir: another process uses ");
            head = good(url, "audit", "verify").strip();
            gateway.stop();
        }
        assertThat(war(copy))
                .startsWith("0|warder_ledger: 2 rows\n")
                .contains("warder_policy_object: 2 rows\n", "warder_audit: 3 rows\n")
                .contains("\nCopied. Start the gateways with database.url now.\n|");
        assertThat(war(copy))
                .startsWith("1||")
                .containsPattern("warder: the database of database\\.url has rows in warder_[a-z_]+; give an empty one,"
                        + " which no gateway has used\n");
        try (var gateway = gateway(copy[3])) {
            var url = gateway.base();
            assertThat(ledger(url)).hasSize(2);
            assertThat(good(url, "audit", "verify", "--head=" + head)).isEqualTo(head + "\n");
            assertThat(object(good(url, "admin", "GET", "teams/blue")).toString())
                    .contains("Kostenstelle 7, Köln");
            assertThat(use(url, token)).isEqualTo("200 message");
            good(url, "admin", "DELETE", "tokens/" + id);
            assertThat(use(url, token)).isEqualTo("401 authentication_error");
            assertThat(good(url, "audit", "verify")).startsWith("4:");
        }
    }

    private static List<String> ledger(URI url) throws IOException {
        var request = RawRequest.of("GET", "/admin/api/ledger?from=2026-01-01T00:00:00Z&format=jsonl")
                .field("authorization", "Bearer " + ADMIN_TOKEN);
        return RawClient.exchange(url, request).text().lines().toList();
    }

    /** The built WAR as an administrator runs it: results on standard output, all else on standard error. */
    @Test
    void theWarHasTheCommands() throws Exception {
        try (var gateway = gateway()) {
            var url = "--url=" + gateway.base();
            var file = Files.writeString(folder.resolve("token"), ADMIN_TOKEN + "\n");
            var admin = "--admin.token=file:" + file;
            var client = Files.writeString(folder.resolve("client"), "{\"name\":\"build\",\"kind\":\"service\"}");
            assertThat(war("admin", "POST", "clients", client.toString(), url, admin))
                    .startsWith("0|{")
                    .contains("\"name\":\"build\"")
                    .endsWith("}|");
            var near = Files.writeString(
                    folder.resolve("near"),
                    "{\"name\":\"near\",\"client\":\"build\",\"terms\":{\"networks\":[\"127.0.0.1\"]}}");
            assertThat(war("admin", "POST", "tokens", near.toString(), url, admin))
                    .containsPattern("\"wrd_[a-z2-7]{8}_[a-z2-7]{59}\"");
            gateway.process().awaitLog("java -jar knows the address of the connection only");
            assertThat(war("admin", "GET", "clients/absent", url, admin)).startsWith("1||warder: admin GET: ");
            assertThat(war("admin", "GT", "clients")).startsWith("2||warder: admin: needs one of GET");
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
        var ready = RawRequest.of("GET", "/health/ready");
        Eventually.holds(
                PATIENCE, () -> RawClient.exchange(gateway.base(), ready).status() == 200);
        return new Gateway(gateway, CheckedFront.of(gateway.base()));
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
        assertThat(run(url, arguments)).as(this::err).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private JsonObject post(URI url, String path, String body) throws UsageException {
        in = new ByteArrayInputStream(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return object(good(url, "admin", "POST", path, "-"));
    }

    /** What a command reports that is refused. */
    private String bad(URI url, String... arguments) throws UsageException {
        assertThat(run(url, arguments)).isEqualTo(1);
        assertThat(out.size()).isZero();
        return err();
    }

    private int run(URI url, String... arguments) throws UsageException {
        out.reset();
        err.reset();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url=" + url, "--admin.token=env:ADMIN"));
        var asked = CommandLine.parse(all.toArray(String[]::new));
        var console = new Console(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.of(ADMIN_TOKEN));
        return new OneShots(console, Path.of("no-such-folder"), new SecureRandom()).run(asked);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** The status, and the type of the document or of its error. */
    private static String use(URI url, String token) throws IOException {
        var response = RawClient.exchange(
                url,
                RawRequest.of("POST", "/v1/messages")
                        .field("x-api-key", token)
                        .json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\"Hello\"}]}"));
        var document = object(response.text());
        String type = document.containsKey("error")
                ? document.getJsonObject("error").getString("type")
                : document.getString("type");
        return response.status() + " " + type;
    }

    private static JsonObject object(String text) {
        return JsonTree.parseObject(text).orElseThrow();
    }

    /**
     * Passes requests to a gateway and checks each answer by {@link OpenApiCheck}: for programs such as the command line,
     * whose answers a test does not see. It listens on a free port of 127.0.0.1. Thread-safe.
     */
    private static final class CheckedFront implements AutoCloseable {
        /** What belongs to a connection, or is set by the next sender. */
        private static final Set<String> OF_CONNECTION = Set.of(
                "connection", "content-length", "host", "http2-settings", "keep-alive", "transfer-encoding", "upgrade");

        private final URI gateway;
        private final HttpServer server;
        private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
        private final AtomicInteger checked = new AtomicInteger();

        private CheckedFront(URI gateway, HttpServer server) {
            this.gateway = gateway;
            this.server = server;
        }

        /** Starts it. */
        public static CheckedFront of(URI gateway) throws IOException {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var front = new CheckedFront(gateway, server);
            server.createContext("/", front::pass);
            server.start();
            return front;
        }

        /** The base URL for clients. */
        public URI base() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        private void pass(HttpExchange exchange) throws IOException {
            try (exchange) {
                var request = RawRequest.of(
                        exchange.getRequestMethod(), exchange.getRequestURI().toString());
                exchange.getRequestHeaders().forEach((name, values) -> values.stream()
                        .filter(value -> isPassed(name))
                        .forEach(value -> request.field(name, value)));
                byte[] body = exchange.getRequestBody().readAllBytes();
                var answer = RawClient.exchange(gateway, body.length == 0 ? request : request.body(body));
                if (answer.truncated()) {
                    throw new IOException("the answer to " + request.target() + " is cut");
                }
                check(request, answer);
                for (var field : answer.fields().lines()) {
                    if (isPassed(field.name())) {
                        exchange.getResponseHeaders().add(field.name(), field.value());
                    }
                }
                exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (IOException | RuntimeException failed) {
                problems.add(failed);
                throw failed;
            }
        }

        private void check(RawRequest request, RawResponse answer) {
            if (request.target().startsWith(OpenApiCheck.FOLDER)) {
                checked.incrementAndGet();
            }
            try {
                OpenApiCheck.checked("", request, answer);
            } catch (AssertionError differs) {
                problems.add(differs);
            }
        }

        private static boolean isPassed(String name) {
            return !OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT));
        }

        /**
         * Stops it.
         *
         * @throws AssertionError if no answer was checked, or one differed from the OpenAPI document or could not be passed on
         */
        @Override
        public void close() {
            server.stop(0);
            if (checked.get() == 0) {
                throw new AssertionError("no answer was checked");
            }
            if (!problems.isEmpty()) {
                var all = new AssertionError("answers differ from the OpenAPI document: " + List.copyOf(problems));
                problems.forEach(all::addSuppressed);
                throw all;
            }
        }
    }
}
