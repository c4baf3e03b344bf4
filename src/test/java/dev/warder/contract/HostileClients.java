package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that tries to take the gateway from another one, in a process with a heap of 512 MiB: the process lives, the
 * other client is served meanwhile, and the memory returns. A trickle runs from the beginning and is ended last.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("turn-5")
abstract class HostileClients {
    private static final Duration SOON = Limit.seconds(20);
    private static final int MILLIS = (int) Limit.seconds(60).toMillis();
    private static final int MIB = 1 << 20;
    private static final int STREAMS = 50;
    private static final long HEAP_AT_REST = 160L * MIB;
    private static final int LARGE_NAMES = Integer.getInteger("warder.hostile.names", Turns.of(4, 8));
    private static final int OBJECTS = 663_000;
    /** Their values take a little less than half of the memory for bodies. */
    private static final int OBJECTS_THAT_ARE_TAKEN = 130_000;

    private final GatewayProcess.Form form;
    private final AccessToken hostile = AccessToken.generate(new SecureRandom());
    private final AccessToken other = AccessToken.generate(new SecureRandom());
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private ScriptedUpstream upstream;
    private GatewayProcess gateway;
    private Future<RawResponse> trickle;

    HostileClients(GatewayProcess.Form form) {
        this.form = form;
    }

    @BeforeAll
    final void start(@TempDir Path folder) throws Exception {
        upstream = ScriptedUpstream.plain().keepBodies(1024);
        var file = Files.write(folder.resolve("clients"), List.of(hostile.line("hostile"), other.line("other")));
        var settings = new HashMap<String, String>();
        settings.put("upstream.url", upstream.uri().toString());
        settings.put("upstream.credentials", "primary=value:" + Contract.MANAGED_KEY);
        settings.put("clients.file", file.toString());
        settings.put("limits.streams", Integer.toString(STREAMS));
        settings.put("openai.models", Completions.ALIASES);
        gateway = GatewayProcess.start(form, settings);
        trickle = clients.submit(this::trickle);
    }

    @AfterEach
    final void thePeaceAfterwards() throws Exception {
        assertThat(gateway.alive()).as(gateway::log).isTrue();
        servesTheOther();
        Eventually.holds(SOON, () -> gateway.number("OpenExchanges") <= (trickle.isDone() ? 0 : 1));
        Eventually.holds(SOON, () -> gateway.number("CollectedBytes") <= (trickle.isDone() ? 0 : MIB));
        Eventually.holds(SOON, () -> gateway.heapAfterCollection() < HEAP_AT_REST);
        upstream.clear();
    }

    @AfterAll
    final void stop() throws IOException {
        over.countDown();
        clients.shutdownNow();
        gateway.close();
        upstream.close();
    }

    @Test
    @Order(1)
    void servesOthersWhileOneConnectionTrickles() throws Exception {
        Eventually.holds(SOON, () -> gateway.number("OpenExchanges") == 1);
        servesTheOther();
        assertThat(gateway.number("CollectedBytes")).isLessThan(MIB);
    }

    @Test
    @Order(2)
    void leavesHalfOfTheStreamsToOthers() throws Exception {
        var held = new ArrayList<RawClient>();
        try {
            // The trickle is one of the client's, as long as it lasts.
            for (int i = 0; i < STREAMS / 2; i++) {
                var client = RawClient.connect(gateway.baseUri());
                held.add(client);
                client.send(request(hostile, "/anthropic/v1/messages")
                                .field("Content-Length", "262144")
                                .head() + "{");
            }
            Eventually.holds(SOON, () -> gateway.number("OpenExchanges") == STREAMS / 2);
            var refused = RawClient.exchange(
                    gateway.baseUri(), request(hostile, "/v1/messages").json("{}"));
            Refusal.check(refused, 429);
            assertThat(refused.fields().values("retry-after")).containsExactly("1");
            servesTheOther();
        } finally {
            for (var client : held) {
                client.close();
            }
        }
    }

    @Test
    @Order(3)
    void survivesSmallObjectsInChatCompletions() throws Exception {
        if (Turns.inTurn()) {
            survives(4, Completions.PATH, objects(OBJECTS));
        }
        survives(Turns.of(4, 16), Completions.PATH, objects(OBJECTS));
        survives(Turns.of(2, 8), Completions.PATH, objects(OBJECTS_THAT_ARE_TAKEN));
    }

    private static byte[] objects(int count) {
        String begin =
                "{\"model\":\"" + Completions.ALIAS + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
        return (begin + ",\"x\":[" + "{\"a\":0},".repeat(count) + "0]}").getBytes(UTF_8);
    }

    @Test
    @Order(4)
    void survivesLongNamesOfModels() throws Exception {
        byte[] body = new byte[32 * MIB];
        Arrays.fill(body, (byte) 'a');
        byte[] begin = "{\"model\":\"".getBytes(UTF_8);
        byte[] end = "€\",\"max_tokens\":1,\"messages\":[]}".getBytes(UTF_8);
        System.arraycopy(begin, 0, body, 0, begin.length);
        System.arraycopy(end, 0, body, body.length - end.length, end.length);
        survives(LARGE_NAMES, "/v1/messages", body);
    }

    @Test
    @Order(5)
    void endsTheTrickle() throws Exception {
        var answer = trickle.get(MILLIS, TimeUnit.MILLISECONDS);
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.text()).contains("too slowly");
        assertThat(answer.fields().lists("Connection", "close")).isTrue();
    }

    /**
     * Sends {@code body} on so many connections at once. Another client is served while they are sent, then while none of them has its
     * last byte and the first lacks nothing else, and again while the gateway reads them.
     */
    private void survives(int atOnce, String path, byte[] body) throws Exception {
        byte[] head = request(hostile, path)
                .field("Content-Type", "application/json")
                .field("Content-Length", Integer.toString(body.length))
                .head()
                .getBytes(UTF_8);
        var answers = new ArrayList<Future<Integer>>();
        var complete = new CountDownLatch(1);
        var nearlySent = new CountDownLatch(1);
        for (int i = 0; i < atOnce; i++) {
            answers.add(clients.submit(() -> status(head, body, nearlySent, complete)));
        }
        try {
            servesTheOther();
            assertThat(nearlySent.await(MILLIS, TimeUnit.MILLISECONDS)).isTrue();
            servesTheOther();
            assertThat(answers).as("uploads that are open still").anyMatch(answer -> !answer.isDone());
        } finally {
            complete.countDown();
        }
        servesTheOther();
        for (var answer : answers) {
            assertThat(answer.get(MILLIS, TimeUnit.MILLISECONDS)).isIn(200, 400, 403, 413, 503);
        }
    }

    private int status(byte[] head, byte[] body, CountDownLatch nearlySent, CountDownLatch complete) throws Exception {
        try (var client = RawClient.connect(gateway.baseUri()).readTimeout(MILLIS)) {
            try {
                client.send(head).send(Arrays.copyOf(body, body.length - 1));
            } finally {
                nearlySent.countDown();
            }
            complete.await();
            return client.send(new byte[] {body[body.length - 1]})
                    .readResponse()
                    .status();
        }
    }

    private void servesTheOther() throws IOException {
        var message = request(other, "/v1/messages").json("{\"model\":\"claude-x\",\"max_tokens\":1,\"messages\":[]}");
        try (var client = RawClient.connect(gateway.baseUri()).readTimeout(MILLIS)) {
            var answer = client.exchange(message);
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        }
    }

    /** A chat completion of unknown length in gzip, of which a byte comes every 5 s. */
    private RawResponse trickle() throws Exception {
        try (var client = RawClient.connect(gateway.baseUri()).readTimeout(MILLIS)) {
            client.send(request(hostile, Completions.PATH)
                    .field("Content-Encoding", "gzip")
                    .field("Transfer-Encoding", "chunked")
                    .head());
            var answer = clients.submit(client::readResponse);
            while (!answer.isDone() && !over.await(5, TimeUnit.SECONDS)) {
                try {
                    client.sendChunk(new byte[] {' '});
                } catch (IOException closed) {
                    break;
                }
            }
            return answer.get(MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static RawRequest request(AccessToken token, String path) {
        return RawRequest.of("POST", path).field("X-Warder-Token", token.reveal());
    }
}
