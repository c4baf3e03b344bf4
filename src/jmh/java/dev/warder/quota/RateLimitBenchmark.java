package dev.warder.quota;

import dev.warder.auth.Client;
import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.body.Chunks;
import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.json.JsonException;
import dev.warder.json.OutlineScanner;
import dev.warder.ledger.Rows;
import dev.warder.policy.LivePolicy;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.OutputRate;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What rate limits cost a request: those of its client, one of 10,000 that are used in turn, of its team and of the organization.
 * The log has the memory that the limits of all clients take.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class RateLimitBenchmark {
    private static final int CLIENTS = 10_000;
    private static final AssumedModels MODELS = new AssumedModels(OutputRate.DEFAULT, model -> 200_000);
    private static final String LIMITS =
            "\"limits\": {\"requests_per_minute\": 1000000000, \"input_tokens_per_minute\": 1000000000000,"
                    + " \"output_tokens_per_minute\": 1000000000000, \"concurrent_requests\": 1000}";

    private static final UsageCounts COUNTED = new UsageCounts(400, CacheWrites.NONE, 0, 1, 0, 0, 0);
    private static final UsageCounts GENERATED = new UsageCounts(400, CacheWrites.NONE, 0, 300, 0, 0, 0);
    private static final CompletedRequest COMPLETED = Rows.completed("req-1", Rows.consuming(GENERATED));

    /** A node and its clients. */
    @State(Scope.Benchmark)
    public static class Node {
        @Param({"none", "clients", "all"})
        public String limits;

        /** Whether a database divides them, here one in memory: its looks compete for the lock. */
        @Param({"false", "true"})
        public boolean shared;

        Gate gate;
        Inquiry[] requests;
        int next;
        private RateLimiting limiting;

        /** Uses the limits of each client once. */
        @Setup
        public void start() throws Exception {
            var policy = new LivePolicy(Optional.empty());
            policy.accept(text().getBytes(StandardCharsets.UTF_8));
            requests = new Inquiry[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                requests[i] = inquiry("c" + i, policy);
            }
            Optional<LimitStore> store =
                    shared ? Optional.of(new LimitsInMemory(InstantSource.system())) : Optional.empty();
            limiting = new RateLimiting(store, Thread::new, System::nanoTime);
            limiting.start();
            gate = limiting.gate(
                    new Bounds(dev.warder.usage.Rows.shipped(""), MODELS),
                    (fields, now) -> List.of(),
                    InstantSource.system());
            long before = used();
            for (int i = 0; i < CLIENTS; i++) {
                ask(this);
            }
            System.out.println(
                    (used() - before) / 1024 + " KiB for " + limiting.limits().size() + " limits");
        }

        /** Ends its threads. */
        @TearDown
        public void stop() {
            limiting.close();
        }

        private static long used() {
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        private String text() {
            boolean all = limits.equals("all");
            String own = limits.equals("none") ? "" : ", " + LIMITS;
            String clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i ->
                            "{\"name\": \"c" + i + "\", \"kind\": \"person\", \"teams\": [\"payments\"]" + own + "}")
                    .collect(Collectors.joining(","));
            return "{\"version\": 1, " + (all ? "\"organization\": {" + LIMITS + "}, " : "")
                    + "\"teams\": [{\"name\": \"payments\"" + (all ? ", " + LIMITS : "") + "}], \"clients\": ["
                    + clients
                    + "]}";
        }

        private static Inquiry inquiry(String client, LivePolicy policy) throws JsonException {
            byte[] bytes = "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":8000,\"stream\":true,\"messages\":[]}"
                    .getBytes(StandardCharsets.UTF_8);
            var chunks = new Chunks();
            chunks.append(bytes, 0, bytes.length);
            return new Inquiry(
                    new Call(client, "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES),
                    new Client(client, Set.of(), List.of(), policy.current().entry(client), Optional.empty(), false),
                    false,
                    Optional.empty(),
                    List.of(),
                    Optional.of(new Inquiry.Content(
                            bytes.length,
                            OutlineScanner.outline(chunks),
                            Optional.of("claude-haiku-4-5"),
                            OptionalLong.of(8000))));
        }
    }

    /** Admits a request that is not sent. */
    @Benchmark
    public Verdict request(Node node) {
        return ask(node);
    }

    /** Admits a request, counts its prompt and its output, makes the fields of its response, and ends it. */
    @Benchmark
    public Verdict wholeRequest(Node node, Blackhole fields) {
        var granted = granted(node);
        granted.meter().ifPresent(meter -> {
            meter.beforeTry();
            meter.usage(COUNTED);
            fields.consume(meter.responseFields());
            meter.usage(GENERATED);
            meter.end(COMPLETED);
        });
        return granted;
    }

    private static Verdict ask(Node node) {
        var granted = granted(node);
        granted.release().ifPresent(Runnable::run);
        return granted;
    }

    private static Verdict.Granted granted(Node node) {
        var inquiry = node.requests[node.next];
        node.next = (node.next + 1) % CLIENTS;
        var verdict = node.gate.ask(inquiry);
        if (verdict instanceof Verdict.Later later) {
            verdict = later.decision().toCompletableFuture().join();
        }
        if (!(verdict instanceof Verdict.Granted granted)) {
            throw new IllegalStateException("a request is refused: something else was measured");
        }
        return granted;
    }
}
