package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Agents that each send a request, read the response, think and send the next, until they are ended. Whom a budget refuses
 * tries again later, with another request. Thread-safe.
 */
final class Agents implements AutoCloseable {
    private static final double MEDIAN = 60_000;
    private static final double SIGMA = 0.7;
    private static final int SHORTEST = 1000;
    private static final int LONGEST = 600_000;

    private static final Duration THINKING = Duration.ofSeconds(2).dividedBy(FasterModels.SPEED);
    private static final Duration REFUSED = Duration.ofSeconds(7).dividedBy(FasterModels.SPEED);

    private static final String BODY = "{\"model\":\"" + PacedModel.MODEL
            + "\",\"max_tokens\":128000,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"";

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

    /** One agent: where it sends its requests, with which token, for which session. */
    private record Agent(Container node, String token, String session, Random random) {}

    /** Starts one for each token, on the nodes in turn. */
    Agents(List<Container> nodes, List<String> tokens, long seed) {
        for (int i = 0; i < tokens.size(); i++) {
            var random = new Random(seed * tokens.size() + i);
            var session = new UUID(random.nextLong(), random.nextLong()).toString();
            var agent = new Agent(nodes.get(i % nodes.size()), tokens.get(i), session, random);
            threads.add(ScriptedUpstream.daemon("agent-" + i, () -> work(agent)));
        }
        threads.forEach(Thread::start);
    }

    /** Responses that were whole. */
    int answered() {
        return answered.get();
    }

    /** Requests that were refused since the budget was spent. */
    int refused() {
        return refused.get();
    }

    /** Requests that were refused after they had waited. */
    int late() {
        return late.get();
    }

    /** Streams that the budget ended. */
    int cut() {
        return cut.get();
    }

    /** The responses that no budget explains. */
    List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    /** Waits until each has read its last response. */
    @Override
    public void close() {
        end.countDown();
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Agent agent) {
        try {
            boolean served = true;
            while (!end.await((served ? THINKING : REFUSED).toNanos(), TimeUnit.NANOSECONDS)) {
                served = isServed(RawClient.exchange(agent.node().baseUri(), request(agent)));
            }
        } catch (IOException | InterruptedException failed) {
            unexpected.add(failed.toString());
        }
    }

    private static RawRequest request(Agent agent) {
        long drawn = Math.round(MEDIAN * Math.exp(SIGMA * agent.random().nextGaussian()));
        int tokens = (int) Math.max(SHORTEST, Math.min(LONGEST, drawn));
        var body = BODY + "x".repeat(tokens * PacedModel.BYTES_PER_TOKEN - BODY.length() - 5) + "\"}]}";
        return RawRequest.of("POST", agent.node().contextPath() + "/v1/messages")
                .field("x-api-key", agent.token())
                .field("x-claude-code-session-id", agent.session())
                .json(body);
    }

    private boolean isServed(RawResponse response) {
        var text = response.text();
        boolean ofBudget = text.contains("\"billing_error\"");
        if (response.status() == 429) {
            (ofBudget ? refused : late).incrementAndGet();
        } else if (response.status() == 200 && text.endsWith("data: {\"type\":\"message_stop\"}\n\n")) {
            answered.incrementAndGet();
            return true;
        } else if (response.status() == 200 && ofBudget) {
            cut.incrementAndGet();
        } else {
            unexpected.add(response.status() + " " + text);
        }
        return false;
    }
}
