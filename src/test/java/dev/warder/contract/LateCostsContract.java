package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that leave before the last event of a response, which alone reports what it costs. The model costs 1 dollar for a million
 * tokens of input, and 5 of output.
 */
@OnEachContainer
class LateCostsContract extends PolicyGround {
    private static final String CODE = "\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"c\"}]";

    private static final String COMPACT = "\"context_management\":{\"edits\":[{\"type\":\"compact_20260112\"}]}";

    /** Members by which the upstream consumes what only the last event reports. */
    private static final List<String> KINDS = List.of(
            CODE,
            "\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://mcp.example.com\",\"name\":\"m\"}]",
            "\"container\":\"container_1\"",
            COMPACT,
            "\"fallbacks\":[{\"model\":\"" + MODEL + "\"}]",
            "\"tools\":[{\"type\":\"advisor_20260301\",\"name\":\"a\",\"model\":\"" + MODEL + "\"}]");

    /** Of 900 tokens of input and 150 of output; the first event reports 500 and 1. */
    private static final long REPORTED = 1_650_000;

    private static final long HELD = 1_250_500_100;

    private static final String SEARCHING =
            "{\"model\":\"gpt-small\",\"stream\":true,\"tools\":[{\"type\":\"web_search\"}],\"input\":\"Hello\"}";

    private static final int PIECES = 10;

    private String database = "";
    private CountDownLatch left = new CountDownLatch(1);
    private CountDownLatch goOn = new CountDownLatch(1);
    private CountDownLatch noticed = new CountDownLatch(1);

    @BeforeAll
    final void mayUseToolsOfTheUpstream() throws IOException {
        addToken("laptop", "rights=passthrough,managed,web");
    }

    @BeforeEach
    final void newLatches() {
        left = latch();
        goOn = latch();
    }

    @AfterEach
    final void release() {
        left.countDown();
        goOn.countDown();
    }

    /** They count as open requests until the end. */
    @Test
    void chargesEightClientsThatLeaveWhatTheLastEventReports() throws Exception {
        var node = node("eight");
        noticed = new CountDownLatch(8);
        upstream.script(stream());
        for (int i = 0; i < 8; i++) {
            begin(node, messages(node, KINDS.get(i % KINDS.size()))).leave(i % 2 == 0);
        }
        left.countDown();
        assertThat(noticed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(number(node, "OpenExchanges")).isEqualTo(8);
        goOn.countDown();
        eventually(() -> lines(" end=client-gone ", " usage=reported") == 8);
        eventually(() ->
                count("SELECT COUNT(*) FROM warder_ledger WHERE basis = 'reported' AND cost_nanos = " + REPORTED) == 8);
        eventually(() -> spent() == 8 * REPORTED);
    }

    /** Also without a budget: {@code ci} has none. Chat completions have no tools that the upstream runs. */
    @ParameterizedTest
    @CsvSource({"laptop, /v1/messages", "laptop, /v1/responses", "ci, /v1/messages"})
    void readsAStreamOnInEachDialect(String token, String path) throws Exception {
        var node = node("dialects");
        upstream.script(stream());
        begin(node, request(node, token, "POST", path).json(path.equals(MESSAGES) ? json(CODE) : SEARCHING))
                .leave(false);
        left.countDown();
        goOn.countDown();
        eventually(() -> lines(" end=client-gone ", " usage=reported") == 1);
        eventually(() -> number(node, "CollectedBytes") == 0);
    }

    @Test
    void readsAWholeResponseOn() throws Exception {
        var node = node("whole");
        upstream.script((sent, reply) -> {
            reply.field("Content-Type", "application/json").chunked();
            var document = message(900, 150).replace("\"text\":\"x\"", "\"text\":\"" + "x".repeat(5_000) + "\"");
            reply.chunk(document.substring(0, 200));
            reply.await(left);
            for (int i = 200; i < document.length(); i += 500) {
                pause(20);
                reply.chunk(document.substring(i, Math.min(document.length(), i + 500)));
            }
            reply.lastChunk();
        });
        begin(node, messages(node, CODE + ",\"stream\":false")).leave(false);
        left.countDown();
        eventually(() -> lines(" end=client-gone ", " usage=reported") == 1);
        eventually(() -> spent() == REPORTED);
    }

    /** What it has not taken does not hold up the rest. */
    @Test
    void readsTheResponseOfAClientOnThatReadsTooSlowly() throws Exception {
        var node = node("slow");
        upstream.script((sent, reply) -> {
            start(reply);
            for (int i = 0; i < 200; i++) {
                reply.chunk(Messages.delta("x".repeat(50_000)));
            }
            end(reply);
        });
        try (var client = RawClient.connect(node.baseUri(), 32 * 1024)) {
            client.send(messages(node, CODE)).readHead();
            eventually(() -> lines(" end=timeout ", " usage=reported") == 1);
        }
        eventually(() -> spent() == REPORTED);
    }

    @Test
    void chargesWhatIsHeldWhereTheUpstreamStalls() throws Exception {
        var node = node("stalls", "30", Map.of("timeouts.idle", "2s"));
        upstream.script(stream());
        var sent = begin(node, messages(node, CODE)).leave(false);
        left.countDown();
        sent.awaitPeerClosed(PATIENCE);
        chargesWhatIsHeld();
    }

    @Test
    void chargesWhatIsHeldWhereTheUpstreamIsLost() throws Exception {
        var node = node("lost");
        upstream.script((sent, reply) -> {
            start(reply);
            reply.await(left);
            pieces(reply);
            reply.reset();
        });
        begin(node, messages(node, CODE)).leave(false);
        left.countDown();
        chargesWhatIsHeld();
    }

    @Test
    void chargesWhatIsHeldWhereTheApplicationIsTakenDown() throws Exception {
        var node = node("down");
        upstream.script(stream());
        begin(node, messages(node, CODE)).leave(false);
        left.countDown();
        assertThat(noticed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(number(node, "OpenExchanges")).isEqualTo(1);
        node.undeploy();
        chargesWhatIsHeld();
    }

    /** 1,000,000 tokens of the prompt, written to the cache, and 100 of the response. */
    private void chargesWhatIsHeld() throws Exception {
        eventually(() -> lines(" end=client-gone ", " usage=held") == 1);
        eventually(() -> count("SELECT COUNT(*) FROM warder_ledger WHERE basis = 'held' AND input_tokens = 500"
                        + " AND cost_nanos = " + HELD)
                == 1);
        eventually(() -> spent() == HELD);
    }

    /** The client pays for it, and the upstream generates nothing more. */
    @Test
    void cancelsARequestWithTheClientsOwnCredential() throws Exception {
        var node = node("own");
        upstream.script((sent, reply) -> {
            start(reply);
            while (true) {
                pieces(reply);
            }
        });
        var request = request(node, "POST", MESSAGES)
                .field("x-warder-token", secret("laptop"))
                .field("x-api-key", OWN_KEY)
                .json(json(CODE));
        begin(node, request).leave(false).awaitPeerClosed(SOON);
        eventually(() -> lines(" end=client-gone ", " usage=estimated") == 1);
    }

    /** What it held would be free for the next one. */
    @Test
    void chargesWhatIsHeldWhereTheBudgetCutsTheResponse() throws Exception {
        var node = node("cut", "0.012", Map.of());
        upstream.script(Script.heldEvents(goOn, start(500)));
        try (var client = connect(node)) {
            client.send(messages(node, COMPACT + ",\"max_tokens\":100000"));
            assertThat(client.readResponse().text()).contains("billing_error");
        }
        eventually(() -> lines(" end=budget ", " usage=held") == 1);
        eventually(() -> spent() > 10_000_000);
    }

    /** A client that has its response to the first piece of content. */
    private record Begun(RawClient client, RecordedRequest sent) {
        RecordedRequest leave(boolean byReset) throws IOException {
            if (byReset) {
                client.reset();
            } else {
                client.close();
            }
            return sent;
        }
    }

    private Begun begin(Container node, RawRequest request) throws Exception {
        int before = upstream.requests().size();
        var client = connect(node).send(request);
        assertThat(client.readHead().status()).isEqualTo(200);
        return new Begun(client, upstream.requests().get(before));
    }

    private RawRequest messages(Container node, String members) {
        return request(node, "laptop", "POST", MESSAGES).json(json(members));
    }

    private static String json(String members) {
        String stream = members.contains("\"stream\"") ? "" : "\"stream\":true,";
        String most = members.contains("\"max_tokens\"") ? "" : "\"max_tokens\":100,";
        return "{\"model\":\"" + MODEL + "\"," + most + stream + members
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }

    /** A stream whose client leaves after its first piece: some more show Warder that, and the rest comes later. */
    private Script stream() {
        return (sent, reply) -> {
            start(reply);
            reply.await(left);
            pieces(reply);
            noticed.countDown();
            reply.await(goOn);
            end(reply);
        };
    }

    private static void start(Reply reply) throws IOException {
        reply.eventStream();
        reply.chunk(start(500) + Messages.delta("a"));
    }

    private static void pieces(Reply reply) throws Exception {
        for (int i = 0; i < PIECES; i++) {
            pause(20);
            reply.chunk(Messages.delta("on and on"));
        }
    }

    private static void end(Reply reply) throws IOException {
        reply.chunk(Messages.end().replace("\"output_tokens\":5", "\"input_tokens\":900,\"output_tokens\":150"));
        reply.lastChunk();
    }

    private static String start(int input) {
        return Messages.start()
                .replace("claude-test", MODEL)
                .replace("\"input_tokens\":3", "\"input_tokens\":" + input);
    }

    private Container node(String name) throws Exception {
        return node(name, "30", Map.of());
    }

    private Container node(String name, String amount, Map<String, String> settings) throws Exception {
        database = "jdbc:h2:mem:late-" + name + ";DB_CLOSE_DELAY=-1";
        noticed = new CountDownLatch(1);
        write(
                name,
                policy(
                        1,
                        CLIENTS.replace(
                                "\"token_names\": [\"laptop\", \"desktop\"]",
                                "\"token_names\": [\"laptop\", \"desktop\"], \"budgets\": [{\"amount\": \"" + amount
                                        + "\", \"period\": \"day\"}]")));
        var deployment = governed(name)
                .with("budget.default", "unlimited")
                .with("timeouts.clientWrite", "1s")
                .withDatabase(database);
        for (var setting : settings.entrySet()) {
            deployment = deployment.with(setting.getKey(), setting.getValue());
        }
        var node = deployed(name, deployment);
        awaitReady(node);
        upstream.clear();
        begunLines = log.lines("dev.warder.access", Level.INFO).size();
        return node;
    }

    private int begunLines;

    /** How many lines of the access log since the node is ready have all of these. */
    private long lines(String... parts) {
        return log.lines("dev.warder.access", Level.INFO).stream()
                .skip(begunLines)
                .filter(line -> List.of(parts).stream().allMatch(line.text()::contains))
                .count();
    }

    private long spent() throws Exception {
        return count("SELECT COALESCE(SUM(spent), 0) FROM warder_budget_period");
    }

    private long count(String query) throws Exception {
        try (var connection = BoundDatabase.of(database).getConnection();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
