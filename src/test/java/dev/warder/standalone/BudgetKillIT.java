package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.contract.Eventually;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes that share a budget by a PostgreSQL, and are killed while they work: three times one of them, and then both. What
 * requests have cost is neither lost nor counted twice, and the budget is not exceeded.
 */
@Tag("alone")
@Timeout(600)
class BudgetKillIT {
    private static final int REQUESTS = Integer.getInteger("warder.budgetKills.requests", 5000);
    private static final int SINGLE_KILLS = Integer.getInteger("warder.budgetKills.kills", 3);
    private static final int NODES = 2;
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SESSION = "x-claude-code-session-id";

    /** At the prices of claude-haiku-4-5 in nano-dollars: 3 tokens of input and 5 of output. */
    private static final long COST = 3 * 1000 + 5 * 5000;

    private static final long CAP = 1_000_000_000L;

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private final AccessToken token = AccessToken.generate(new SecureRandom());
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final Set<String> twice = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private final AtomicReferenceArray<URI> bases = new AtomicReferenceArray<>(NODES);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Path folder;
    private int starts;

    BudgetKillIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void losesAndDoublesNothingOverKills() throws Exception {
        String database = postgres.anotherAddress();
        Files.writeString(folder.resolve("clients"), token.line("ci") + "\n");
        Files.writeString(
                folder.resolve("policy"),
                "{\"version\": 1, \"clients\": [{\"name\": \"ci\", \"kind\": \"service\","
                        + " \"budgets\": [{\"amount\": \"1\", \"period\": \"lifetime\"}]}]}");
        try (var upstream = ScriptedUpstream.plain().keepBodies(0).script(this::respond);
                var connection = BoundDatabase.of(database).getConnection()) {
            var nodes = new ArrayList<WarderProcess>();
            for (int i = 0; i < NODES; i++) {
                nodes.add(start(i, database, upstream));
            }
            var clients = startClients();
            for (int kill = 1; kill <= SINGLE_KILLS; kill++) {
                awaitRequests(kill * REQUESTS / (SINGLE_KILLS + 2));
                int node = kill % NODES;
                nodes.get(node).kill();
                nodes.set(node, start(node, database, upstream));
            }
            awaitRequests((SINGLE_KILLS + 1) * REQUESTS / (SINGLE_KILLS + 2));
            for (var node : nodes) {
                node.kill();
            }
            for (int i = 0; i < NODES; i++) {
                nodes.set(i, start(i, database, upstream));
            }
            awaitRequests(REQUESTS);
            end.countDown();
            for (var client : clients) {
                client.join();
            }
            Eventually.holds(PATIENCE, () -> sessions(connection).containsAll(received));
            for (var node : nodes) {
                node.terminate();
                assertThat(node.exitCode()).isEqualTo(143);
            }
            check(connection);
        }
    }

    private WarderProcess start(int node, String database, ScriptedUpstream upstream) throws Exception {
        var process = new WarderProcess(
                Files.createDirectories(folder.resolve("start" + starts++)),
                "--port=0",
                "--data.dir=" + folder.resolve("data" + node),
                "--database.url=" + database,
                "--clients.file=" + folder.resolve("clients"),
                "--policy.file=" + folder.resolve("policy"),
                "--upstream.url=" + upstream.uri(),
                "--upstream.credentials=team=value:the-key");
        bases.set(node, process.base());
        return process;
    }

    private void respond(RecordedRequest request, Reply reply) throws Exception {
        var session = request.fields().first(SESSION).orElseThrow();
        if (!received.add(session)) {
            twice.add(session);
        }
        reply.eventStream();
        reply.chunk(Messages.start().replace("claude-test", "claude-haiku-4-5"));
        reply.chunk(Messages.end());
        reply.lastChunk();
    }

    private List<Thread> startClients() {
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            clients.add(ScriptedUpstream.daemon("client-" + i, () -> work(first)));
        }
        clients.forEach(Thread::start);
        return clients;
    }

    private void work(int first) {
        for (int i = first; end.getCount() > 0; i++) {
            var session = UUID.randomUUID().toString();
            var request = RawRequest.of("POST", "/v1/messages")
                    .field("x-api-key", token.reveal())
                    .field(SESSION, session)
                    .json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}");
            sent.incrementAndGet();
            try {
                var response = RawClient.exchange(bases.get(i % NODES), request);
                if (response.text().endsWith("data: {\"type\":\"message_stop\"}\n\n")) {
                    ended.add(session);
                } else {
                    pause();
                }
            } catch (IOException killed) {
                // The next one goes to the other node.
                pause();
            }
        }
    }

    private void pause() {
        try {
            pauses.addAndGet(end.await(20, TimeUnit.MILLISECONDS) ? 0 : 1);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRequests(int count) throws Exception {
        Eventually.holds(PATIENCE, () -> ended.size() >= count);
    }

    private void check(Connection connection) throws SQLException {
        long rows = number(connection, "SELECT COUNT(*) FROM warder_ledger");
        long unknown = number(connection, "SELECT COUNT(*) FROM warder_ledger WHERE basis = 'unknown'");
        long left = number(connection, "SELECT SUM(held_unknown) FROM warder_budget_period");
        System.out.printf(
                "%d + 1 kills: %d requests sent (%d pauses), %d received upstream, %d ended; %d rows, %d of them unknown;"
                        + " %d nano-dollars stay unknown%n",
                SINGLE_KILLS, sent.get(), pauses.get(), received.size(), ended.size(), rows, unknown, left);
        assertThat(twice).as("requests that were sent twice").isEmpty();
        assertThat(number(connection, "SELECT COUNT(DISTINCT session_id) FROM warder_ledger"))
                .as("each request has one row")
                .isEqualTo(rows);
        assertThat(unknown).isLessThanOrEqualTo((long) CLIENTS * (SINGLE_KILLS + NODES));
        assertThat(number(
                        connection,
                        "SELECT COUNT(*) FROM warder_ledger WHERE basis = 'reported' AND cost_nanos <> " + COST))
                .isZero();
        assertThat(number(connection, "SELECT COUNT(*) FROM warder_ledger WHERE basis = 'reported'"))
                .isGreaterThanOrEqualTo(ended.size() - unknown);
        assertThat(number(connection, "SELECT SUM(spent + overage) FROM warder_budget_period"))
                .isEqualTo(number(connection, "SELECT SUM(cost_nanos) FROM warder_ledger WHERE billed"))
                .isLessThanOrEqualTo(CAP);
        assertThat(number(connection, "SELECT SUM(overage + leased) FROM warder_budget_period"))
                .isZero();
        assertThat(left).isBetween(0L, CAP / 2);
        assertThat(number(
                        connection,
                        "SELECT COUNT(*) FROM warder_budget_check WHERE leased_differs <> 0 OR unknown_differs <> 0"
                                + " OR spent_differs <> 0 OR out_of_cap > 0"))
                .as("periods whose numbers do not fit together")
                .isZero();
    }

    private static Set<String> sessions(Connection connection) throws SQLException {
        var sessions = new HashSet<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT session_id FROM warder_ledger")) {
            while (rows.next()) {
                sessions.add(rows.getString(1));
            }
        }
        return sessions;
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
