package dev.warder.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.RequestTrace.TryTrace;
import dev.warder.usage.TryUsage;
import dev.warder.usage.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The facts of one try so far, a request to the upstream. Thread-safe; the first end counts. */
public final class TryRecord {
    private static final Logger LOG = LoggerFactory.getLogger(TryRecord.class);

    private final UsedCredential credential;
    private final Optional<TryUsage> usage;
    private final TryTrace trace;
    private final LongSupplier requestBytes;
    private final AddedLatency latency;
    private final LongSupplier nanoTime;
    private final long started;

    @GuardedBy("this")
    private int status;

    @GuardedBy("this")
    private long firstByte;

    @GuardedBy("this")
    private @Nullable String requestId;

    @GuardedBy("this")
    private CompletedTry.Outcome outcome = CompletedTry.Outcome.CANCELLED;

    @GuardedBy("this")
    private long ended;

    @GuardedBy("this")
    private boolean over;

    @GuardedBy("this")
    private boolean sent;

    /**
     * @param usage what the try consumes; empty where no model is run
     * @param trace follows it for a tracer
     * @param requestBytes bytes of the request's body that were read
     * @param latency the moments of the whole request
     */
    TryRecord(
            UsedCredential credential,
            Optional<TryUsage> usage,
            TryTrace trace,
            LongSupplier requestBytes,
            AddedLatency latency,
            LongSupplier nanoTime) {
        this.credential = credential;
        this.usage = usage;
        this.trace = trace;
        this.requestBytes = requestBytes;
        this.latency = latency;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    public Optional<TryUsage> usage() {
        return usage;
    }

    public TryTrace trace() {
        return trace;
    }

    /** Records that there is a connection, on which the request is sent from now on. */
    public void sendBegan() {
        latency.sendBegan();
    }

    public void sent() {
        latency.sent();
        synchronized (this) {
            sent = true;
        }
    }

    public synchronized void responded(int code) {
        status = code;
        firstByte = nanoTime.getAsLong();
    }

    /** Records the upstream's id of the request, which is in the head of the response. */
    public synchronized void requestId(String id) {
        requestId = id;
    }

    public synchronized void whole() {
        end(CompletedTry.Outcome.RESPONDED);
    }

    public synchronized void failed() {
        end(status == 0 ? CompletedTry.Outcome.UNANSWERED : CompletedTry.Outcome.BROKEN_OFF);
    }

    public synchronized void cancelled() {
        end(CompletedTry.Outcome.CANCELLED);
    }

    @GuardedBy("this")
    private void end(CompletedTry.Outcome how) {
        if (!over) {
            over = true;
            outcome = how;
            ended = nanoTime.getAsLong();
        }
    }

    /** Nobody receives the response any more. Returns whether reading it to its end would show what it costs, see {@link TryUsage#leave}. */
    synchronized boolean leave() {
        return !over
                && (sent || status != 0)
                && usage.isPresent()
                && usage.get().leave();
    }

    public boolean hasCost() {
        return completed().usage().stream().anyMatch(row -> row.cost().nanos() > 0);
    }

    synchronized CompletedTry completed() {
        var time = Duration.ofNanos((over ? ended : nanoTime.getAsLong()) - started);
        var code = status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
        Optional<Duration> head = status == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByte - started));
        var id = Optional.ofNullable(requestId);
        var result = new TryUsage.Result(
                new UsageRow.Upstream(credential.name(), credential.kind(), id, code, tryEnd()),
                // Without the whole request nothing is generated; a response may come before it is sent.
                sent || status != 0,
                requestBytes.getAsLong(),
                new UsageRow.Times(head, time));
        return new CompletedTry(credential, code, outcome, id, head, time, rows(result));
    }

    private List<UsageRow> rows(TryUsage.Result result) {
        try {
            return usage.isPresent() ? usage.get().rows(result) : List.of();
        } catch (RuntimeException fault) {
            LOG.error("The usage of a request could not be calculated", fault);
            return List.of();
        }
    }

    @GuardedBy("this")
    private UsageRow.End tryEnd() {
        return switch (outcome) {
            case RESPONDED -> UsageRow.End.COMPLETE;
            case BROKEN_OFF -> UsageRow.End.CUT_OFF;
            case UNANSWERED -> UsageRow.End.UNANSWERED;
            case CANCELLED -> UsageRow.End.CANCELLED;
        };
    }
}
