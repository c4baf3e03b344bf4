package dev.warder.usage;

import dev.warder.json.JsonTree;
import dev.warder.stream.OutlineReader.MessageOutline;
import dev.warder.usage.MessageUsage.Sample;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The consumption of one try so far, as the outline of its response reports it. The thread that reads the response writes it,
 * one at a time; any thread may read it and end it.
 */
public final class TryUsage implements MessageOutline {
    private static final long NEVER = Long.MIN_VALUE;

    private final RequestUsage request;
    private final String credential;
    private final UUID id;
    final Instant begun;
    private final LongSupplier nanoTime;
    private volatile String messageId = "";
    private volatile Runnable reported = () -> {};

    // RequestUsage reads these.
    volatile MessageUsage message = MessageUsage.NONE;

    /** When the message began, on the clock that never goes back. */
    volatile long started = NEVER;

    volatile int pieces;
    volatile boolean stopped;
    volatile boolean error;

    /** Counts may be missing, since something could not be read. */
    volatile boolean unreadable;

    volatile boolean stream;

    /** The response was given up before it had reported its costs, which its last event alone does. */
    volatile boolean left;

    TryUsage(RequestUsage request, String credential, UUID id, Instant begun, LongSupplier nanoTime) {
        this.request = request;
        this.credential = credential;
        this.id = id;
        this.begun = begun;
        this.nanoTime = nanoTime;
    }

    public UUID id() {
        return id;
    }

    public UsageCounts soFar() {
        return message.counts();
    }

    /** Whether the message has begun, so that there are counts. */
    public boolean hasStarted() {
        return started != NEVER;
    }

    /** Nobody receives the response any more. Returns whether the costs are not reported yet that only its last event reports. */
    public boolean leave() {
        left |= request.isReportedLast() && !isFinal();
        return left;
    }

    public List<UsageRow> rows(Result result) {
        return request.rows(this, result);
    }

    /** @param then is run each time when the response has reported counts */
    void reads(boolean eventStream, Runnable then) {
        stream = eventStream;
        reported = then;
    }

    /** A message with its usage: {@code message_start}, or a whole document. */
    @Override
    public void start(JsonObject document) {
        var counts = JsonTree.object(document, "usage");
        if (!counts.isEmpty()) {
            message = message.message(document);
            messageId = JsonTree.text(document, "id");
            request.counted(longestPrompt());
            counted(counts);
        }
    }

    @Override
    public void messageDelta(JsonObject delta, JsonObject counts) {
        message = message.delta(delta, counts);
        if (!counts.isEmpty()) {
            counted(counts);
        }
    }

    private void counted(JsonObject counts) {
        unreadable |= Sample.areTooMany(counts);
        if (started == NEVER) {
            started = nanoTime.getAsLong();
        }
        reported.run();
    }

    private long longestPrompt() {
        long longest = message.counts().prompt();
        for (var sample : message.samples()) {
            longest = Math.max(longest, sample.counts().prompt());
        }
        return longest;
    }

    /** A piece of the content has come, which stands for at least one token. */
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void piece() {
        // One thread writes at a time.
        pieces++;
    }

    @Override
    public void stop() {
        stopped = true;
        if (isFinal()) {
            request.whole(
                    messageId, credential, longestPrompt(), message.counts().output());
        }
    }

    @Override
    public void error(JsonObject event) {
        error = true;
    }

    /** Something could not be read, so that counts may be missing. */
    @Override
    public void unreadable() {
        unreadable = true;
    }

    boolean isFinal() {
        return hasStarted() && !error && !unreadable && (message.isFinal() || stopped);
    }

    /**
     * How a try ended, apart from what it consumed. Immutable.
     *
     * @param upstream with how it ended; that an event stream ended with an error is found in the stream itself
     * @param sent whether the upstream may have received the whole request
     * @param requestBytes bytes of the request's body that the client sent
     * @param times its durations
     */
    public record Result(UsageRow.Upstream upstream, boolean sent, long requestBytes, UsageRow.Times times) {
        UsageRow.End end() {
            return upstream.end();
        }

        boolean hasStatus() {
            return upstream.status().isPresent();
        }

        boolean isSuccessful() {
            return hasStatus()
                    && upstream.status().getAsInt() >= 200
                    && upstream.status().getAsInt() < 300;
        }

        Duration time() {
            return times.total();
        }

        /** The credential's name, which is not its value, and how the try ended. */
        @Override
        public String toString() {
            return "Result[" + upstream.credential() + ", " + end().word() + "]";
        }
    }
}
