package dev.warder.quota;

import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Meter;
import dev.warder.auth.Verdict;
import dev.warder.json.JsonException;
import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.HoldLog;
import dev.warder.ledger.store.LeaseStore;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.LiveNodes;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.LivePolicy;
import dev.warder.quota.Budgets.Surroundings;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.Rows;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What budgets cost a request whose node has enough of them: all requests are of one client, and charged to its budget, to that
 * of its team and to that of the organization. The database is one in memory that has enough; the thread that asks it once a second
 * is that of production. A request that has to wait, as may happen before the node knows what it spends, counts with its wait.
 */
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class AdmissionBenchmark {
    private static final long COST = 4_000_000;
    private static final String MEMBERS = "\"max_tokens\":8000,\"stream\":true,\"messages\":[]";
    private static final String POLICY =
            """
            {"version": 1,
             "organization": {"budgets": [{"amount": "900000000", "period": "month"}]},
             "teams": [{"name": "payments", "budgets": [{"amount": "900000000", "period": "month"}]}],
             "clients": [{"name": "ada", "kind": "person", "teams": ["payments"],
                          "budgets": [{"amount": "900000000", "period": "day"}]}]}""";

    /** The budgets of one node. */
    @State(Scope.Benchmark)
    public static class Node {
        final LivePolicy policy = new LivePolicy(Optional.empty());
        final AtomicInteger requests = new AtomicInteger();
        final Budgets budgets = new Budgets(
                new BudgetSettings(Duration.ofSeconds(60), Optional.empty(), Map.of(), false, Optional.empty()),
                new Bounds(Rows.shipped(""), StartedBudgets.MODELS),
                new GrantsAll(),
                policy::current,
                new Surroundings(Thread::new, InstantSource.system(), System::nanoTime, 1_000_000, reached -> {}));
        final Gate gate = budgets.gate(HoldLog.NONE);

        /** Starts them, and waits until the node has a lease. */
        @Setup
        public void start() throws Exception {
            policy.accept(POLICY.getBytes(StandardCharsets.UTF_8));
            budgets.start("node");
            while (budgets.isWaitingForDatabase()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            var first = granted(gate.ask(new Request().inquiry(this)));
            first.release().orElseThrow().run();
        }

        /** Ends their threads. */
        @TearDown
        public void close() {
            budgets.close();
        }
    }

    /** The request that a thread sends again and again. Its id is its own while it is open. */
    @State(Scope.Thread)
    public static class Request {
        final UsageCounts counted = new UsageCounts(400, CacheWrites.NONE, 0, 1, 0, 0, 0);
        Inquiry inquiry;
        CompletedRequest completed;

        /** Creates it. */
        @Setup
        public void create(Node node) throws Exception {
            inquiry = inquiry(node);
            var row = dev.warder.ledger.Rows.costing(COST, true);
            completed = dev.warder.ledger.Rows.completed(inquiry.call().id(), row);
        }

        final Inquiry inquiry(Node node) throws JsonException {
            return Inquiries.of("req-" + node.requests.incrementAndGet(), MEMBERS, node.policy.current());
        }
    }

    /** Admits a request, and releases it. */
    @Benchmark
    @Threads(1)
    public void admission(Node node, Request request) {
        admit(node, request);
    }

    /** The same on two threads at once, which share all budgets. */
    @Benchmark
    @Threads(2)
    public void admissionOnTwoThreads(Node node, Request request) {
        admit(node, request);
    }

    /** Admits a request, holds what its counted prompt costs, and charges it. */
    @Benchmark
    @Threads(1)
    public Meter request(Node node, Request request) {
        return admitAndCharge(node, request);
    }

    /** The same on two threads at once. */
    @Benchmark
    @Threads(2)
    public Meter requestOnTwoThreads(Node node, Request request) {
        return admitAndCharge(node, request);
    }

    private static void admit(Node node, Request request) {
        granted(node.gate.ask(request.inquiry)).release().orElseThrow().run();
    }

    private static Meter admitAndCharge(Node node, Request request) {
        var meter = granted(node.gate.ask(request.inquiry)).meter().orElseThrow();
        if (meter.beforeTry().isPresent() || meter.usage(request.counted).isPresent()) {
            throw new IllegalStateException("a request is refused: something else was measured");
        }
        meter.end(request.completed);
        return meter;
    }

    private static Verdict.Granted granted(Verdict verdict) {
        var decision = verdict instanceof Verdict.Later later
                ? later.decision().toCompletableFuture().join()
                : verdict;
        if (decision instanceof Verdict.Granted granted) {
            return granted;
        }
        throw new IllegalStateException("a request is refused: something else was measured");
    }

    /** A database in memory whose budgets have more than a run can spend. */
    private static final class GrantsAll implements LeaseStore {
        private static final long LEASE = 100_000_000_000_000_000L;

        @Override
        public List<LeaseState> reserve(UUID run, List<LeaseRequest> requests) {
            return requests.stream().map(GrantsAll::state).toList();
        }

        private static LeaseState state(LeaseRequest request) {
            return new LeaseState(
                    request.key(), LEASE, 0, new Amounts(request.terms().cap(), 0, 0, LEASE, 0), false);
        }

        @Override
        public void beat(UUID run, String node) {}

        @Override
        public Map<UUID, Long> beats() {
            return Map.of();
        }

        @Override
        public LiveNodes liveNodes() {
            return new LiveNodes(1, Instant.now());
        }

        @Override
        public int reap(UUID run) {
            return 0;
        }

        @Override
        public List<UUID> runsOf(String node) {
            return List.of();
        }

        @Override
        public void end(UUID run) {}

        @Override
        public boolean note(PeriodKey key, int percent, long cap) {
            return false;
        }
    }
}
