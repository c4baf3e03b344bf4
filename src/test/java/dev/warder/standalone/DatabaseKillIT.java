package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.database.DatabaseSchema;
import dev.warder.json.JsonTree;
import dev.warder.testkit.AuditCheck;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Sql;
import dev.warder.testkit.TokenServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that are killed ten times while administrators and clients use them: one with its embedded database, and one with PostgreSQL.
 * Nothing that was acknowledged is lost. That takes more than 90 s, because H2 begins to write into unused space of its file
 * after 45 s, and its recovery has more to do from then on.
 */
@Timeout(900)
@Tag("turn-2")
@Tag("turn-only")
class DatabaseKillIT {
    private static final String ADMIN_TOKEN = "admin-" + "director".repeat(4);
    private static final Duration PATIENCE = Limit.seconds(30);
    private static final int KILLS = 10;
    private static final int WRITERS = 3;

    /** Of the first run, between its start and its kill, until H2 writes into unused space. */
    private static final Duration FIRST_USE = Duration.ofSeconds(50);

    /** The same of each other run. */
    private static final Duration USE = Duration.ofSeconds(3);

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private final Path folder;

    DatabaseKillIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keepsWhatItAcknowledged() throws Exception {
        String shared = postgres.anotherAddress();
        var threads = Executors.newFixedThreadPool(2);
        try {
            var embedded = threads.submit(loses("embedded", Optional.empty()));
            var postgres = threads.submit(loses("postgres", Optional.of(shared)));
            assertThat(Stream.concat(embedded.get().stream(), postgres.get().stream()))
                    .as("acknowledged, and lost")
                    .isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What a node loses with this database, or with its embedded one. */
    private Callable<List<String>> loses(String name, Optional<String> address) {
        return () -> {
            var home = Files.createDirectories(folder.resolve(name));
            var data = Files.createDirectories(home.resolve("data"));
            var login = new Login();
            login.store(address.orElse("jdbc:h2:file:" + data.resolve("warder") + ";USER=warder"));
            var made = new Acknowledged();
            try (var upstream = ScriptedUpstream.plain().keepBodies(0).script(login::respond);
                    var issuer = ScriptedUpstream.plain().script(login::renew)) {
                for (int kill = 0; kill <= KILLS; kill++) {
                    var process = process(home.resolve("start" + kill), data, address, upstream.uri(), issuer.uri());
                    try (process) {
                        var node = new Node(process.base());
                        made.check(node);
                        if (kill < KILLS) {
                            use(process, node, made, kill);
                        }
                    }
                }
            }
            System.out.println(name + ": " + made + ", " + login);
            assertThat(login.renewals).hasValueGreaterThan(KILLS);
            made.lost.addAll(login.stale);
            return made.lost.stream().map(each -> name + ": " + each).toList();
        };
    }

    private static void use(WarderProcess process, Node node, Acknowledged made, int run) throws InterruptedException {
        var end = new CountDownLatch(1);
        var writers = new ArrayList<Thread>();
        for (int i = 0; i < WRITERS; i++) {
            var writer = new Writer("w" + run + "-" + i, node, made, end);
            writers.add(ScriptedUpstream.daemon(writer.name, writer));
        }
        writers.forEach(Thread::start);
        var use = run == 0 ? FIRST_USE : USE;
        assertThat(end.await(use.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        made.awaitNext();
        process.kill();
        end.countDown();
        for (var writer : writers) {
            writer.join();
        }
    }

    private WarderProcess process(Path home, Path data, Optional<String> database, URI upstream, URI issuer)
            throws IOException {
        Files.createDirectories(home);
        var settings = new ArrayList<>(List.of(
                "--port=0",
                "--data.dir=" + data,
                "--admin.token=value:" + ADMIN_TOKEN,
                "--clients.file=" + Files.createFile(home.resolve("clients")),
                "--policy.database=true",
                "--upstream.url=" + upstream,
                "--upstream.credentials=team=oauth",
                "--oauth.tokenUrl=" + issuer.resolve("/token"),
                "--oauth.clientId=the-client",
                "--oauth.store=jdbc"));
        database.ifPresent(url -> settings.add("--database.url=" + url));
        return new WarderProcess(home, settings.toArray(String[]::new));
    }

    /** Requests to a node. */
    private record Node(URI base) {
        RawResponse send(String method, String path, String json, String key) throws IOException {
            var request = RawRequest.of(method, "/admin/api/" + path).bearer(ADMIN_TOKEN);
            if (!key.isEmpty()) {
                request.field("Idempotency-Key", key);
            }
            if (method.equals("PATCH")) {
                request.field("If-Match", "*");
            }
            return RawClient.exchange(base, json.isEmpty() ? request : request.json(json.replace('\'', '"')));
        }

        /** The result of a change that is acknowledged. */
        JsonObject change(String method, String path, String json, String key) throws IOException {
            var response = send(method, path, json, key);
            if (response.truncated()) {
                throw new IOException("killed");
            }
            assertThat(response.status()).as("%s", response).isBetween(200, 201);
            return JsonTree.parseObject(response.text()).orElseThrow();
        }

        /** All objects of a list. */
        List<JsonObject> list(String path) throws IOException {
            var all = new ArrayList<JsonObject>();
            Optional<String> page = Optional.of("");
            while (page.isPresent()) {
                var next = page.get().isEmpty() ? "" : "&page=" + page.get();
                var body = change("GET", path + "?limit=1000" + next, "", "");
                JsonTree.objects(body, "data").forEach(all::add);
                page = JsonTree.findText(body, "next_page");
            }
            return all;
        }

        int use(String token, String session) throws IOException {
            var request = RawRequest.of("POST", "/v1/messages")
                    .field("x-api-key", token)
                    .field("x-claude-code-session-id", session)
                    .json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"messages\":"
                            + "[{\"role\":\"user\",\"content\":\"Hello\"}]}");
            var response = RawClient.exchange(base, request);
            return response.truncated() ? 0 : response.status();
        }

        Set<String> sessions() throws IOException {
            return send("GET", "ledger?from=2026-01-01T00:00:00Z&format=jsonl", "", "")
                    .text()
                    .lines()
                    .map(row -> JsonTree.text(JsonTree.parseObject(row).orElseThrow(), "session_id"))
                    .collect(Collectors.toSet());
        }
    }

    /** Makes changes, one after the other, until the node is killed. */
    private record Writer(String name, Node node, Acknowledged made, CountDownLatch end) implements Runnable {
        @Override
        public void run() {
            try {
                for (int i = 0; !end.await(200, TimeUnit.MILLISECONDS); i++) {
                    step(name + "-" + i);
                }
            } catch (IOException killed) {
                // What was not acknowledged may be there or not.
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private void step(String client) throws IOException {
            made.creates(
                    node,
                    "clients",
                    "client/" + client,
                    "{'name':'" + client + "','kind':'service','budgets':[{'amount':'5','period':'day'}],"
                            + "'limits':{'requests_per_minute':60}}");
            var kept = made.creates(node, "tokens", "", "{'name':'" + client + "','client':'" + client + "'}");
            made.changes(
                    node,
                    "client/" + client,
                    "{'budgets':[{'amount':'7','period':'week'}],'limits':{'requests_per_minute':50}}");
            if (name.endsWith("-0")) {
                made.uses(node, kept.getString("token"));
            }
            var spare = made.creates(node, "tokens", "", "{'name':'x" + client + "','client':'" + client + "'}");
            made.revokes(node, spare.getString("id"), spare.getString("token"));
        }
    }

    /** What was acknowledged. An object whose last change was not acknowledged is not among its objects. Thread-safe. */
    private static final class Acknowledged {
        final Set<String> lost = new LinkedHashSet<>();
        private final Map<String, JsonObject> clients = new ConcurrentHashMap<>();
        private final Set<String> valid = ConcurrentHashMap.newKeySet();
        private final Set<String> revoked = ConcurrentHashMap.newKeySet();
        private final Set<String> audited = ConcurrentHashMap.newKeySet();
        private final Set<String> sessions = ConcurrentHashMap.newKeySet();

        /** Of the last run: the results of creations by their keys, and tokens with the status of their use. */
        private final Map<Creation, JsonObject> created = new ConcurrentHashMap<>();

        private final Map<String, Integer> tokens = new ConcurrentHashMap<>();
        private final BlockingQueue<String> news = new LinkedBlockingQueue<>();

        private record Creation(String key, String path, String json) {}

        private void audited(String entry) {
            audited.add(entry);
            news.add(entry);
        }

        /** Returns when the next change is acknowledged. */
        void awaitNext() throws InterruptedException {
            news.clear();
            assertThat(news.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }

        JsonObject creates(Node node, String path, String subject, String json) throws IOException {
            var creation = new Creation(UUID.randomUUID().toString(), path, json);
            var result = node.change("POST", path, json, creation.key());
            created.put(creation, result);
            if (path.equals("clients")) {
                clients.put(subject, result);
            } else {
                valid.add(result.getString("id"));
                tokens.put(result.getString("token"), 200);
            }
            audited("create " + (subject.isEmpty() ? "token/" + result.getString("id") : subject));
            return result;
        }

        void changes(Node node, String client, String json) throws IOException {
            clients.remove(client);
            clients.put(client, node.change("PATCH", client.replace("client/", "clients/"), json, ""));
            audited("change " + client);
        }

        void revokes(Node node, String id, String token) throws IOException {
            valid.remove(id);
            tokens.remove(token);
            node.change("DELETE", "tokens/" + id, "", "");
            revoked.add(id);
            tokens.put(token, 401);
            audited("revoke token/" + id);
        }

        void uses(Node node, String token) throws IOException {
            var session = UUID.randomUUID().toString();
            int status = node.use(token, session);
            if (status == 0) {
                throw new IOException("killed");
            }
            assertThat(status).isEqualTo(200);
            sessions.add(session);
        }

        /** Compares it with what a node has after its start. */
        void check(Node node) throws Exception {
            Eventually.holds(
                    PATIENCE,
                    () -> RawClient.exchange(node.base(), RawRequest.of("GET", "/health/ready"))
                                    .status()
                            == 200);
            compare("client", clients, byName(node.list("clients"), each -> "client/" + each.getString("name")));
            var accepted = byName(node.list("tokens"), each -> each.getString("id"));
            accepted.values().removeIf(each -> !each.isNull("revoked_at"));
            valid.stream().filter(id -> !accepted.containsKey(id)).forEach(id -> lost.add("token " + id));
            revoked.stream().filter(accepted::containsKey).forEach(id -> lost.add("revocation of token " + id));
            var entries = node.list("audit").stream()
                    .map(each -> each.getString("action") + " " + each.getString("subject"))
                    .collect(Collectors.toSet());
            audited.stream().filter(each -> !entries.contains(each)).forEach(each -> lost.add("audit of " + each));
            for (var token : tokens.entrySet()) {
                int status = node.use(token.getKey(), "check");
                if (status != token.getValue()) {
                    lost.add("status " + token.getValue() + " of a token, which is " + status);
                }
            }
            for (var each : created.entrySet()) {
                var creation = each.getKey();
                var again = node.send("POST", creation.path(), creation.json(), creation.key());
                var result = JsonTree.parseObject(again.text()).orElseThrow();
                if (!result.getOrDefault("revision", result)
                        .equals(each.getValue().get("revision"))) {
                    lost.add("idempotency key of " + creation.json() + ": " + again.status());
                }
            }
            var problem = AuditCheck.problem(node.base, ADMIN_TOKEN);
            if (!problem.isEmpty()) {
                lost.add(problem);
            }
            Eventually.holds(PATIENCE, () -> node.sessions().containsAll(sessions));
            created.clear();
            tokens.clear();
        }

        private void compare(String what, Map<String, JsonObject> expected, Map<String, JsonObject> found) {
            expected.forEach((name, document) -> {
                if (!document.equals(found.get(name))) {
                    lost.add(what + " " + name + ": " + document + " is " + found.get(name));
                }
            });
        }

        private static Map<String, JsonObject> byName(List<JsonObject> documents, Function<JsonObject, String> name) {
            return new HashMap<>(documents.stream().collect(Collectors.toMap(name, each -> each)));
        }

        @Override
        public String toString() {
            return "%d clients, %d tokens, %d revocations, %d entries of the audit, %d requests"
                    .formatted(clients.size(), valid.size(), revoked.size(), audited.size(), sessions.size());
        }
    }

    /**
     * A login whose access tokens live for some seconds, with its token endpoint and its upstream. The endpoint takes earlier refresh
     * tokens too: a node may be killed when it has just received the next one. Thread-safe.
     */
    private static final class Login {
        final AtomicInteger renewals = new AtomicInteger();

        /** Refresh tokens that were used although the node had stored a later one. */
        final ConcurrentLinkedQueue<String> stale = new ConcurrentLinkedQueue<>();

        /** The latest token that came upstream: no token is used before it is stored. */
        private final AtomicInteger used = new AtomicInteger();

        void store(String address) throws Exception {
            var database = BoundDatabase.of(address);
            new DatabaseSchema(database, DatabaseSchema.Tables.LEDGER).bringUpToDate();
            Sql.execute(
                    database,
                    "INSERT INTO warder_oauth_token (name, generation, token) VALUES ('team', 0, '{\"access_token\":\""
                            + TokenServer.foreign(0)
                            + "\",\"refresh_token\":\"refresh-0\",\"expires_at\":1577836800}')");
        }

        void renew(RecordedRequest request, Reply reply) throws IOException {
            var refresh = TokenServer.members(request).getOrDefault("refresh_token", "refresh--1");
            if (Integer.parseInt(refresh.substring("refresh-".length())) < used.get()) {
                stale.add("login: " + refresh + " after " + used);
            }
            int next = renewals.incrementAndGet();
            reply.json(
                    200,
                    "{\"access_token\":\"" + TokenServer.foreign(next)
                            + "\",\"token_type\":\"Bearer\",\"expires_in\":3," + "\"refresh_token\":\"refresh-" + next
                            + "\"}");
        }

        void respond(RecordedRequest request, Reply reply) throws IOException {
            var token = request.fields().first("authorization").orElse("");
            if (!token.isEmpty()) {
                used.accumulateAndGet(Integer.parseInt(token.substring(token.length() - 6)) - 900_000, Math::max);
            }
            reply.json(200, Messages.message("Hello"));
        }

        @Override
        public String toString() {
            return renewals + " renewals of the login";
        }
    }
}
