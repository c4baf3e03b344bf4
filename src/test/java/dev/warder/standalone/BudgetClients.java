package dev.warder.standalone;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send one request after the other to nodes in turn, and the upstream of these. Thread-safe. */
final class BudgetClients {
    static final int CLIENTS = 8;

    /** At the prices of claude-haiku-4-5 in nano-dollars: 3 tokens of input and 5 of output. */
    static final long COST = 3 * 1000 + 5 * 5000;

    /** At most what a request holds: 1,500 tokens that are written to the cache, 9 of output, and what is rounded. */
    static final long MOST_HELD = 1500 * 1250 + 9 * 5000 + 1000;

    private static final String SESSION = "x-claude-code-session-id";

    private final AccessToken token;
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final Set<String> twice = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    BudgetClients(AccessToken token) {
        this.token = token;
    }

    /** The upstream's response. */
    void respond(RecordedRequest request, Reply reply) throws Exception {
        var session = request.fields().first(SESSION).orElseThrow();
        if (!received.add(session)) {
            twice.add(session);
        }
        reply.eventStream();
        reply.chunk(Messages.start().replace("claude-test", "claude-haiku-4-5"));
        reply.chunk(Messages.end());
        reply.lastChunk();
    }

    void start(BudgetNodes nodes) {
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            threads.add(ScriptedUpstream.daemon("client-" + i, () -> work(first, nodes)));
        }
        threads.forEach(Thread::start);
    }

    private void work(int first, BudgetNodes nodes) {
        for (int i = first; end.getCount() > 0; i++) {
            var session = UUID.randomUUID().toString();
            var request = RawRequest.of("POST", "/v1/messages")
                    .field("x-api-key", token.reveal())
                    .field(SESSION, session)
                    .json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}");
            sent.incrementAndGet();
            try {
                var response = RawClient.exchange(nodes.base(i % BudgetNodes.count()), request);
                if (response.text().endsWith("data: {\"type\":\"message_stop\"}\n\n")) {
                    ended.add(session);
                } else {
                    refused.addAndGet(response.status() == 429 ? 1 : 0);
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

    /** Waits until each has read its last response. */
    void end() throws InterruptedException {
        end.countDown();
        for (var thread : threads) {
            thread.join();
        }
    }

    /** The sessions of requests that came upstream; each request has one of its own. */
    Set<String> received() {
        return Set.copyOf(received);
    }

    /** Those of requests that came upstream twice. */
    Set<String> twice() {
        return Set.copyOf(twice);
    }

    /** How many responses were whole. */
    int ended() {
        return ended.size();
    }

    /** How many requests were refused with 429. */
    int refused() {
        return refused.get();
    }

    @Override
    public String toString() {
        return "%d requests sent (%d pauses, %d refused), %d received upstream, %d ended"
                .formatted(sent.get(), pauses.get(), refused.get(), received.size(), ended.size());
    }
}
