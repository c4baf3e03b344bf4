package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import java.util.ArrayList;
import java.util.UUID;
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
        assertStatus(200, answered(node, "laptop", CREATE, "msg_a", 100));
        assertStatus(200, answered(node, "laptop", after("msg_a"), "msg_b", 200));
        assertStatus(200, answered(node, "desktop", after("msg_b"), "msg_c", 300));
        refused(node, "writer", after("msg_c"));
        refused(node, "laptop", after("msg_other"));
        refused(node, "laptop", "{\"type\":\"fork\",\"previous_message_id\":\"msg_c\"}");
        refused(node, "laptop", "{\"\\u0074ype\":\"\\u0063ontinue\",\"previous_message_id\":\"msg_other\"}");
        assertThat(upstream.requests()).isEmpty();
    }

    /** A thread of 150,000 tokens, whose requests cost 15 cents each: of twelve at once, what the budget holds is sent. */
    @Test
    void holdsTheConversationThatTheApiKeeps() throws Exception {
        var node = node("held", "0.75");
        assertStatus(200, answered(node, "laptop", CREATE, "msg_large", LARGE));
        var release = latch();
        upstream.script(json(release, 200, message("msg_next", LARGE)));
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 12; i++) {
                clients.add(connect(node)
                        .send(request(node, "laptop", "POST", MESSAGES)
                                .field("x-claude-code-session-id", "session-" + i)
                                .json(withThread(after("msg_large")))));
            }
            eventually(() -> upstream.requests().size() >= 3);
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
            upstream.clear();
        }
    }

    /** A request that continues it has no tools, but what they may add is held: two of them do not fit into the budget. */
    @Test
    void holdsWhatTheToolsOfTheThreadMayAdd() throws Exception {
        var node = node("tools", "2.00");
        upstream.next(json(200, message("msg_tools", 100)));
        var created = withThread(CREATE)
                .replace("\"thread\"", "\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"f\"}],\"thread\"");
        ok(node, request(node, "laptop", "POST", MESSAGES).json(created));
        upstream.clear();
        var release = latch();
        upstream.script(json(release, 200, message("msg_more", 100)));
        var next = request(node, "laptop", "POST", MESSAGES).json(withThread(after("msg_tools")));
        try (var first = connect(node).send(next);
                var second = connect(node).send(next)) {
            eventually(() -> waiting(node) == 1 && upstream.requests().size() == 1);
            release.countDown();
            assertStatus(200, first.readResponse());
            assertStatus(200, second.readResponse());
        } finally {
            release.countDown();
            upstream.clear();
        }
    }

    /** The other node does not know it: only the right to the workspace lets it pass, with the longest prompt. */
    @Test
    void leavesAnotherNodesThreadToTheRightWorkspace() throws Exception {
        var one = node("first", "2.00");
        var other = node("second", "2.00");
        assertStatus(200, answered(one, "laptop", CREATE, "msg_here", 100));
        refused(other, "laptop", after("msg_here"));
        assertStatus(200, answered(one, "ci", CREATE, "msg_build", 100));
        assertStatus(200, answered(other, "ci", after("msg_build"), "msg_next", 100));
        refused(other, "laptop", after("msg_next"));
    }

    @Test
    void usesNoOtherCredentialThanTheOneThatKeepsIt() throws Exception {
        var credentials = ground.guarded()
                .with("upstream.credentials", "one=jndi:warder/secret.one; two=jndi:warder/secret.two")
                .withJndi("warder/secret.one", MANAGED_KEY)
                .withJndi("warder/secret.two", OWN_KEY);
        write("two", policy(1, CLIENTS));
        var node = ground.container("two", governed(credentials, "two").with("budget.default", "unlimited"));
        upstream.next(json(529, "{\"type\":\"error\"}"));
        assertStatus(200, answered(node, "laptop", CREATE, "msg_two", 100));
        upstream.next(json(529, "{\"type\":\"error\"}"));
        assertStatus(529, send(node, "laptop", after("msg_two")));
        var keys = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            keys.add(upstream.take().fields().values("x-api-key").get(0));
        }
        assertThat(keys).containsExactly(MANAGED_KEY, OWN_KEY, OWN_KEY);
        upstream.next((request, reply) -> reply.field("retry-after", "40").json(429, RAMPED));
        assertStatus(429, send(node, "laptop", after("msg_two")));
        // The organization is limited: its credential is not asked for another model either.
        upstream.next(json(529, "{\"type\":\"error\"}"));
        var other = request(node, "laptop", "POST", MESSAGES)
                .json(withThread("null").replace(MODEL, "claude-sonnet-4-5"));
        assertStatus(529, send(node, other));
    }

    @Test
    void refusesAllWhereTheOperatorSaysSo() throws Exception {
        write("none", policy(1, CLIENTS));
        var node = ground.container("none", governed("none").with("threads", "refuse"));
        refused(node, "ci", CREATE);
        assertStatus(200, answered(node, "ci", "null", "msg_plain", 100));
    }

    /** Twelve at once, each of which may be a prompt of 1,000,000 tokens. */
    @Test
    void holdsTheLongestPromptForAMemberThatItDoesNotKnow() throws Exception {
        var node = node("unknown", "4.00");
        var release = latch();
        upstream.script(json(release, 200, message("msg_next", 9)));
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 12; i++) {
                clients.add(connect(node)
                        .send(request(node, "laptop", "POST", MESSAGES)
                                .json(withThread("null").replace("\"thread\":null", "\"memory_store\":\"large\""))));
            }
            eventually(() -> {
                int sent = upstream.requests().size();
                return sent >= 2 && waiting(node) == 12 - sent;
            });
            assertThat(upstream.requests().size()).isBetween(2, 4);
            release.countDown();
            for (var client : clients) {
                assertStatus(200, client.readResponse());
            }
        } finally {
            release.countDown();
            for (var client : clients) {
                client.close();
            }
            upstream.clear();
        }
        log.await("dev.warder.usage", line -> line.contains("\"memory_store\""), PATIENCE);
    }

    private static int waiting(Container node) throws Exception {
        var metrics = send(node, request(node, "GET", "/metrics")).text();
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
        upstream.clear();
        return node;
    }

    private String database(String name) {
        return "jdbc:h2:mem:" + name + databases + ";DB_CLOSE_DELAY=-1";
    }

    private RawResponse answered(Container node, String token, String thread, String id, long input) throws Exception {
        upstream.next(json(200, message(id, input)));
        return send(node, token, thread);
    }

    private RawResponse send(Container node, String token, String thread) throws Exception {
        return send(node, request(node, token, "POST", MESSAGES).json(withThread(thread)));
    }

    private void refused(Container node, String token, String thread) throws Exception {
        upstream.clear();
        var response = send(node, token, thread);
        Answers.refused(response, 400);
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
