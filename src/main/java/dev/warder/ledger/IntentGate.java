package dev.warder.ledger;

import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.Journal.HeldInstead;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.usage.TryIds;
import dev.warder.usage.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Delays a request that will have rows until its intent is durable, but for no longer than a second: a disk that
 * hangs must not stop requests. Refuses nothing. Thread-safe.
 */
final class IntentGate implements Gate {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Function<Intent, CompletableFuture<Boolean>> log;
    private final Consumer<HeldInstead> holds;
    private final TryIds ids;
    private final LedgerEnvironment around;
    private final Consumer<Intent.Settled> settled;
    private final Charged.Lookup charges;

    /** The intents of requests that have not ended, by the id of the request. */
    private final Map<String, UUID> open = new ConcurrentHashMap<>();

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong withoutIntent = new AtomicLong();

    private record Waiting(long since, CompletableFuture<Boolean> durable) {}

    /**
     * @param log makes an intent durable, which may take a while: false if that is not possible; never completes otherwise
     * @param holds notes what a request holds instead
     * @param settled receives each intent with its rows
     * @param charges knows what a request holds
     */
    IntentGate(
            Function<Intent, CompletableFuture<Boolean>> log,
            Consumer<HeldInstead> holds,
            TryIds ids,
            LedgerEnvironment around,
            Consumer<Intent.Settled> settled,
            Charged.Lookup charges) {
        this.log = log;
        this.holds = holds;
        this.ids = ids;
        this.around = around;
        this.settled = settled;
        this.charges = charges;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        if (!inquiry.call().runsModel()) {
            return Verdict.granted();
        }
        var intent = intent(inquiry);
        String request = intent.caller().requestId();
        // Before it is open: if it fails, nothing stays. Only a request whose client has gone may end meanwhile, and
        // the release of its grant ends its intent.
        var durable = log.apply(intent);
        open.put(request, intent.id());
        if (durable.isDone()) {
            return granted(request, durable.join());
        }
        waiting.add(new Waiting(around.nanoTime().getAsLong(), durable));
        return new Verdict.Later(durable.thenApply(done -> granted(request, done)), () -> {});
    }

    private Verdict.Granted granted(String request, boolean noted) {
        if (!noted) {
            withoutIntent.incrementAndGet();
        }
        return Verdict.granted(() -> end(request, List.of(), Optional.empty()));
    }

    private Intent intent(Inquiry inquiry) {
        var call = inquiry.call();
        var caller = new UsageRow.Caller(
                call.id(),
                Optional.of(inquiry.client().name()),
                inquiry.sessionId(),
                Optional.empty(),
                inquiry.dialect());
        return new Intent(ids.next(), around.clock().instant(), caller, inquiry.model(), charges.held(call.id()));
    }

    void hold(String request, long nanos) {
        var intent = open.get(request);
        if (intent != null) {
            holds.accept(new HeldInstead(intent, nanos));
        }
    }

    void end(String request, List<UsageRow> rows, Optional<Charged> charged) {
        var intent = Optional.ofNullable(open.remove(request));
        if (intent.isPresent() || !rows.isEmpty()) {
            settled.accept(Intent.Settled.of(intent, rows, charged));
        }
    }

    /** A request has ended, and what it has consumed is not known: its intent stays in the log, and {@link #end} does nothing. */
    void leaveOpen(String request) {
        open.remove(request);
    }

    /** Ends waits that are too long; to be called several times a second. */
    void tick() {
        long now = around.nanoTime().getAsLong();
        for (var first = waiting.peek(); first != null; first = waiting.peek()) {
            boolean late = now - first.since() >= LIMIT.toNanos();
            if (!late && !first.durable().isDone()) {
                return;
            }
            waiting.poll();
            first.durable().complete(false);
        }
    }

    int open() {
        return open.size();
    }

    long withoutIntent() {
        return withoutIntent.get();
    }
}
