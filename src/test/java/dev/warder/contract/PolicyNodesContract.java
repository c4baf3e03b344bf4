package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawHead;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes with one database, each with its own copy of {@code policy.file}, while responses are under way on both. */
class PolicyNodesContract extends PolicyGround {
    private static final String BUILD = "{\"name\": \"build\", \"kind\": \"service\", \"token_names\": [\"ci\"]}";
    private static final String ADA = "{\"name\": \"ada\", \"kind\": \"person\", \"token_names\": [\"laptop\"]}";
    private static final String BOTH = "\"clients\": [" + ADA + ", " + BUILD + "]";
    private static final String ONLY_BUILD = "\"clients\": [" + BUILD + "]";

    private static final String STREAMING = "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true}";

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    private final List<Node> nodes = new ArrayList<>();
    private int version = 10;
    private int started;
    private CountDownLatch goesOn = latch();

    /** A node and the name of its copy of the file. */
    private record Node(String file, Container container) {}

    /** A response of which the first event has arrived. */
    private record Stream(RawClient client, RawHead head) implements AutoCloseable {
        /** Waits for the proper end of the body, and fails if nothing arrives for this time. */
        RawResponse readRest(Duration longest) throws IOException {
            return client.readTimeout((int) longest.toMillis()).readBody(head);
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    @BeforeEach
    final void deploy() throws Exception {
        String database = postgres.anotherAddress();
        goesOn = latch();
        nodes.clear();
        nodes.add(node(database));
        nodes.add(node(database));
    }

    @AfterEach
    final void stop() {
        goesOn.countDown();
        nodes.forEach(node -> node.container().close());
    }

    @Test
    void endsStreamsOnAllNodesWhoseFilesNoLongerHaveTheClient() throws Exception {
        try (var removedOfOne = open(one(), "laptop");
                var removedOfTwo = open(two(), "laptop");
                var keptOfOne = open(one(), "ci");
                var keptOfTwo = open(two(), "ci")) {
            version++;
            write(one().file(), policy(version, ONLY_BUILD));
            write(two().file(), policy(version, ONLY_BUILD));
            assertEndsWithOneError(removedOfOne);
            assertEndsWithOneError(removedOfTwo);
            Eventually.holds(REMOVED, () -> statuses("laptop").equals(List.of(403, 403)));
            assertThat(statuses("ci")).containsExactly(200, 200);
            goesOn.countDown();
            assertThat(keptOfOne.readRest(PATIENCE).text()).endsWith(Messages.end());
            assertThat(keptOfTwo.readRest(PATIENCE).text()).endsWith(Messages.end());
        }
    }

    /** Of the newer file of the first node the second one knows which tokens belong to which clients, and nothing else. */
    @Test
    void endsStreamsOnANodeWhoseFileIsOlder() throws Exception {
        try (var removedOfOne = open(one(), "laptop");
                var removedOfTwo = open(two(), "laptop");
                var keptOfOne = open(one(), "ci");
                var keptOfTwo = open(two(), "ci")) {
            write(one().file(), policy(++version, ONLY_BUILD));
            assertEndsWithOneError(removedOfOne);
            assertEndsWithOneError(removedOfTwo);
            assertThat(statuses("laptop")).containsExactly(403, 503);
            assertThat(statuses("ci"))
                    .as("only the first knows what it permits")
                    .containsExactly(200, 503);
            goesOn.countDown();
            assertThat(keptOfOne.readRest(PATIENCE).text()).endsWith(Messages.end());
            assertThat(keptOfTwo.readRest(PATIENCE).text()).endsWith(Messages.end());
        }
        write(two().file(), policy(version, ONLY_BUILD));
        eventually(() -> statuses("ci").equals(List.of(200, 200)));
        assertThat(statuses("laptop")).containsExactly(403, 403);
    }

    private Node one() {
        return nodes.get(0);
    }

    private Node two() {
        return nodes.get(1);
    }

    private Node node(String database) throws Exception {
        String name = "node" + ++started;
        write(name, policy(version, BOTH));
        var container = deployed(name, governed(name).withDatabase(database));
        awaitReady(container);
        return new Node(name, container);
    }

    /** The upstream sends one event, and the rest when the test says so. */
    private Stream open(Node node, String token) throws IOException {
        CountDownLatch rest = goesOn;
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.ping());
            reply.await(rest);
            if (token.equals("ci")) {
                reply.chunk(Messages.end());
                reply.lastChunk();
            }
        });
        var client = connect(node.container());
        var head = client.send(
                        request(node.container(), token, "POST", MESSAGES).json(STREAMING))
                .readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
        return new Stream(client, head);
    }

    private void assertEndsWithOneError(Stream stream) throws Exception {
        var rest = stream.readRest(REMOVED);
        assertThat(rest.truncated()).isFalse();
        var events = DispatchedEvent.of(rest.body());
        assertThat(events).extracting(DispatchedEvent::name).endsWith("error").containsOnlyOnce("error");
        assertThat(events.get(events.size() - 1).errorType()).isEqualTo("permission_error");
        assertThat(line(rest)).contains(" client=ada ", " end=refused");
    }

    /** Of a new request on each node. */
    private List<Integer> statuses(String token) throws IOException {
        return List.of(status(one(), token), status(two(), token));
    }

    private int status(Node node, String token) throws IOException {
        return send(
                        node.container(),
                        request(node.container(), token, "POST", MESSAGES).json(body("claude-haiku-4-5")))
                .status();
    }
}
