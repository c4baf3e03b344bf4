package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers of three routes, one request after the other, and open streams, while the application is deployed again. Every
 * stream ends with one error event. Every request is served, or refused with 503 and {@code retry-after} in its dialect, or
 * refused by the server with 404 or 503 while no application runs; after the redeployment every one is served.
 */
final class RedeploymentLoad implements AutoCloseable {
    private static final int STREAMS = 3;
    private static final int CALLERS = 12;
    private static final Duration LIMIT = Limit.seconds(60);
    private static final RawRequest CHAT = authenticated("POST", "/v1/chat/completions")
            .json("{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    private static final List<RawRequest> REQUESTS = List.of(
            authenticated("GET", "/v1/files"),
            authenticated("POST", "/v1/messages").json("{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}"),
            CHAT);

    /** What happens at the server; a request belongs to the phase in which it was begun. */
    private enum Phase {
        REDEPLOYING,
        DEPLOYED,
        OVER
    }

    private final GatewayProcess gateway;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<RawClient> streams = new ArrayList<>();
    private final List<Future<Boolean>> callers = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger served = new AtomicInteger();
    private final ConcurrentMap<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Phase phase = Phase.REDEPLOYING;

    RedeploymentLoad(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /** Makes the upstream respond to all these requests; its streams go on until this load is closed. */
    void script(ScriptedUpstream upstream) {
        upstream.script((request, reply) -> {
            if (request.text().contains("\"stream\":true")) {
                endless(reply);
            } else {
                reply.json(200, Messages.message("hi"));
            }
        });
    }

    /** Returns when all streams are open and all callers were served. */
    void begin() throws Exception {
        for (int i = 0; i < STREAMS; i++) {
            var client = RawClient.connect(gateway.baseUri());
            streams.add(client);
            client.send(authenticated("POST", "/v1/messages").json(DeployedContract.STREAMING));
            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
        }
        for (int i = 0; i < CALLERS; i++) {
            var request = REQUESTS.get(i % REQUESTS.size());
            callers.add(threads.submit(() -> call(request)));
        }
        awaitMoreServed();
    }

    /** After the redeployment: checks that everybody is served, and what became of every request and stream. */
    void end() throws Exception {
        phase = Phase.DEPLOYED;
        awaitMoreServed();
        phase = Phase.OVER;
        for (var caller : callers) {
            assertThat(caller.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        System.out.println("redeployment: " + outcomes);
        assertThat(faults).as(gateway::log).isEmpty();
        for (var stream : streams) {
            assertThat(names(stream)).containsExactly("error");
        }
    }

    @Override
    public void close() throws IOException {
        phase = Phase.OVER;
        closed.countDown();
        threads.shutdownNow();
        for (var stream : streams) {
            stream.close();
        }
    }

    private void awaitMoreServed() throws Exception {
        int before = served.get();
        Eventually.holds(LIMIT, () -> served.get() >= before + 5 * CALLERS || !faults.isEmpty());
        assertThat(faults).as(gateway::log).isEmpty();
    }

    private boolean call(RawRequest request) {
        while (phase != Phase.OVER) {
            var begun = phase;
            try {
                judge(request, RawClient.exchange(gateway.baseUri(), request), begun);
            } catch (IOException lost) {
                faults.add("in the phase " + begun + ": " + lost);
            }
        }
        return true;
    }

    private void judge(RawRequest request, RawResponse response, Phase begun) {
        boolean ours = response.fields().first("X-Warder-Request-Id").isPresent();
        String outcome = response.status() + (ours ? " of the application" : " of the server");
        outcomes.computeIfAbsent(outcome, absent -> new AtomicInteger()).incrementAndGet();
        if (response.status() == 200 && !response.truncated()) {
            served.incrementAndGet();
        } else if (begun != Phase.REDEPLOYING || !(ours ? isRefusal(response, request) : isFromServer(response))) {
            faults.add("in the phase " + begun + ": " + response);
        }
    }

    private static boolean isRefusal(RawResponse response, RawRequest request) {
        String code = request == CHAT ? "\"code\":\"overloaded\"" : "\"type\":\"overloaded_error\"";
        return response.status() == 503
                && response.fields().first("retry-after").isPresent()
                && response.text().contains(code);
    }

    private static boolean isFromServer(RawResponse response) {
        return response.status() == 404 || response.status() == 503;
    }

    private static List<String> names(RawClient stream) throws IOException {
        var names = new ArrayList<String>();
        for (var event = stream.readEvent(); event.isPresent(); event = stream.readEvent()) {
            // On a slow machine a stream is silent for so long that it gets a comment.
            if (!event.get().comment()) {
                names.add(event.get().name());
            }
        }
        return names;
    }

    private void endless(Reply reply) throws IOException, InterruptedException {
        reply.eventStream();
        reply.chunk(Messages.ping());
        reply.await(closed);
    }

    private static RawRequest authenticated(String method, String path) {
        return RawRequest.of(method, path).field("x-api-key", Contract.ACCESS_TOKEN);
    }
}
