package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Message threads, which the API keeps: the body of a request that continues one states nothing of its prompt. */
class ThreadContract extends PolicyGround {
    private static final String CREATE = "{\"type\":\"create\"}";
    private static final long LARGE = 150_000;
    private static final String RAMPED =
            "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"No.\","
                    + "\"details\":{\"error_code\":\"ramp_limit_exceeded\"}}}";

    private final UUID databases = UUID.randomUUID();
    private int policies;

    @Test
    void continuesAClientsOwnThread() throws Exception {
        var node = node("one", "2.00");
        assertThat(answered(node, "laptop", CREATE, "msg_a", 100).status()).isEqualTo(200);
        assertThat(answered(node, "laptop", after("msg_a"), "msg_b", 200).status())
                .isEqualTo(200);
        assertThat(answered(node, "desktop", after("msg_b"), "msg_c", 300).status())
                .isEqualTo(200);
        refused(node, "writer", after("msg_c"));
        refused(node, "laptop", after("msg_other"));
        refused(node, "laptop", "{\"type\":\"fork\",\"previous_message_id\":\"msg_c\"}");
        refused(node, "laptop", "{\"\\u0074ype\":\"\\u0063ontinue\",\"previous_message_id\":\"msg_other\"}");
        assertThat(ground.upstream().requests()).isEmpty();
    }

    /** A thread of 150,000 tokens, whose requests cost 15 cents each: of twelve at once, what the budget holds is sent. */
    @Test
    void holdsTheConversationThatTheApiKeeps() throws Exception {
        var node = node("held", "0.75");
        assertThat(answered(node, "laptop", CREATE, "msg_large", LARGE).status())
                .isEqualTo(200);
        var release = new CountDownLatch(1);
        ground.upstream().script((request, reply) -> {
            reply.await(release);
            reply.json(200, message("msg_next", LARGE));
        });
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 12; i++) {
                clients.add(RawClient.connect(node.baseUri())
                        .send(request(node, "laptop", "POST", MESSAGES)
                                .field("x-claude-code-session-id", "session-" + i)
                                .json(withThread(after("msg_large")))));
            }
            Eventually.holds(PATIENCE, () -> ground.upstream().requests().size() >= 3);
            release.countDown();
            int served = 0;
            for (var client : clients) {
                served += client.readResponse().status() == 200 ? 1 : 0;
            }
            assertThat(served).isBetween(3, 4);
        } finally {
            release.countDown();
            for (var client : clients) {
                client.close();
            }
            ground.upstream().clear();
        }
    }

    /** A request that continues it has no tools, but what they may add is held: two of them do not fit into the budget. */
    @Test
    void holdsWhatTheToolsOfTheThreadMayAdd() throws Exception {
        var node = node("tools", "2.00");
        ground.upstream().next((request, reply) -> reply.json(200, message("msg_tools", 100)));
        var created = withThread(CREATE)
                .replace("\"thread\"", "\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"f\"}],\"thread\"");
        ok(node, request(node, "laptop", "POST", MESSAGES).json(created));
        ground.upstream().clear();
        var release = new CountDownLatch(1);
        ground.upstream().script((request, reply) -> {
            reply.await(release);
            reply.json(200, message("msg_more", 100));
        });
        var next = request(node, "laptop", "POST", MESSAGES).json(withThread(after("msg_tools")));
        try (var first = RawClient.connect(node.baseUri()).send(next);
                var second = RawClient.connect(node.baseUri()).send(next)) {
            Eventually.holds(
                    PATIENCE,
                    () -> waiting(node) == 1 && ground.upstream().requests().size() == 1);
            release.countDown();
            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
        } finally {
            release.countDown();
            ground.upstream().clear();
        }
    }

    /** The other node does not know it: only the right to the workspace lets it pass, with the longest prompt. */
    @Test
    void leavesAnotherNodesThreadToTheRightWorkspace() throws Exception {
        var one = node("first", "2.00");
        var other = node("second", "2.00");
        assertThat(answered(one, "laptop", CREATE, "msg_here", 100).status()).isEqualTo(200);
        refused(other, "laptop", after("msg_here"));
        assertThat(answered(one, "ci", CREATE, "msg_build", 100).status()).isEqualTo(200);
        assertThat(answered(other, "ci", after("msg_build"), "msg_next", 100).status())
                .isEqualTo(200);
        refused(other, "laptop", after("msg_next"));
    }

    @Test
    void usesNoOtherCredentialThanTheOneThatKeepsIt() throws Exception {
        var credentials = ground.guarded()
                .with("upstream.credentials", "one=jndi:warder/secret.one; two=jndi:warder/secret.two")
                .withJndi("warder/secret.one", Contract.MANAGED_KEY)
                .withJndi("warder/secret.two", Contract.OWN_KEY);
        write("two", policy(1, CLIENTS));
        var node = ground.container("two", governed(credentials, "two").with("budget.default", "unlimited"));
        ground.upstream().next((request, reply) -> reply.json(529, "{\"type\":\"error\"}"));
        assertThat(answered(node, "laptop", CREATE, "msg_two", 100).status()).isEqualTo(200);
        ground.upstream().next((request, reply) -> reply.json(529, "{\"type\":\"error\"}"));
        assertThat(send(node, "laptop", after("msg_two")).status()).isEqualTo(529);
        var keys = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            keys.add(ground.upstream().take().fields().values("x-api-key").get(0));
        }
        assertThat(keys).containsExactly(Contract.MANAGED_KEY, Contract.OWN_KEY, Contract.OWN_KEY);
        ground.upstream()
                .next((request, reply) -> reply.field("retry-after", "40").json(429, RAMPED));
        assertThat(send(node, "laptop", after("msg_two")).status()).isEqualTo(429);
        // The organization is limited: its credential is not asked for another model either.
        ground.upstream().next((request, reply) -> reply.json(529, "{\"type\":\"error\"}"));
        var other = request(node, "laptop", "POST", MESSAGES)
                .json(withThread("null").replace(MODEL, "claude-sonnet-4-5"));
        assertThat(Ground.send(node, other).status()).isEqualTo(529);
    }

    @Test
    void refusesAllWhereTheOperatorSaysSo() throws Exception {
        write("none", policy(1, CLIENTS));
        var node = ground.container("none", governed("none").with("threads", "refuse"));
        refused(node, "ci", CREATE);
        assertThat(answered(node, "ci", "null", "msg_plain", 100).status()).isEqualTo(200);
    }

    /** Twelve at once, each of which may be a prompt of 1,000,000 tokens. */
    @Test
    void holdsTheLongestPromptForAMemberThatItDoesNotKnow() throws Exception {
        var node = node("unknown", "4.00");
        var release = new CountDownLatch(1);
        ground.upstream().script((request, reply) -> {
            reply.await(release);
            reply.json(200, message("msg_next", 9));
        });
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 12; i++) {
                clients.add(RawClient.connect(node.baseUri())
                        .send(request(node, "laptop", "POST", MESSAGES)
                                .json(withThread("null").replace("\"thread\":null", "\"memory_store\":\"large\""))));
            }
            Eventually.holds(PATIENCE, () -> {
                int sent = ground.upstream().requests().size();
                return sent >= 2 && waiting(node) == 12 - sent;
            });
            assertThat(ground.upstream().requests().size()).isBetween(2, 4);
            release.countDown();
            for (var client : clients) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        } finally {
            release.countDown();
            for (var client : clients) {
                client.close();
            }
            ground.upstream().clear();
        }
        ground.log().await("dev.warder.usage", line -> line.contains("\"memory_store\""), PATIENCE);
    }

    private static int waiting(Container node) throws Exception {
        var metrics = Ground.send(node, Ground.request(node, "GET", "/metrics")).text();
        return metrics.lines()
                .filter(line -> line.startsWith("warder_budget_waiting "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private Container node(String name, String amount) throws Exception {
        String file = "threads" + ++policies;
        write(
                file,
                policy(
                        1,
                        CLIENTS.replace(
                                "\"token_names\": [\"laptop\", \"desktop\"]",
                                "\"token_names\": [\"laptop\", \"desktop\"], \"budgets\": [{\"amount\": \"" + amount
                                        + "\", \"period\": \"day\"}]")));
        var node = ground.container(
                name,
                governed(file)
                        .with("budget.default", "unlimited")
                        .with("metrics.open", "true")
                        .withDatabase(database(name)));
        awaitReady(node);
        ground.upstream().clear();
        return node;
    }

    private String database(String name) {
        return "jdbc:h2:mem:" + name + databases + ";DB_CLOSE_DELAY=-1";
    }

    private RawResponse answered(Container node, String token, String thread, String id, long input) throws Exception {
        ground.upstream().next((request, reply) -> reply.json(200, message(id, input)));
        return send(node, token, thread);
    }

    private RawResponse send(Container node, String token, String thread) throws Exception {
        return Ground.send(node, request(node, token, "POST", MESSAGES).json(withThread(thread)));
    }

    private void refused(Container node, String token, String thread) throws Exception {
        ground.upstream().clear();
        var response = send(node, token, thread);
        Answers.refused(response, 400, "invalid_request_error");
        assertThat(response.text()).contains("\"details\":{\"error_code\":\"thread_unsupported_request\"}");
    }

    private static String withThread(String thread) {
        return "{\"model\":\"" + MODEL + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}],"
                + "\"thread\":" + thread + "}";
    }

    private static String after(String message) {
        return "{\"type\":\"continue\",\"previous_message_id\":\"" + message + "\"}";
    }

    private static String message(String id, long input) {
        return "{\"id\":\"" + id + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":" + input + ",\"output_tokens\":9}}";
    }
}
