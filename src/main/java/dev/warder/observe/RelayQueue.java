package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The messages that wait for the collector, limited in number and in bytes, with a line for each client. The lines take turns, so
 * that neither many messages of one client nor one that the collector does not accept holds up those of others. One client has at
 * most a third of the room that is left free, of the number and of the bytes: a quarter of all if it is alone, and less with others,
 * so that some clients cannot fill the queue before another one comes. A client with an empty line may add any message that fits:
 * otherwise a few large messages of one client would exclude those of all others. Thread-safe.
 */
final class RelayQueue {
    /** The limits of a queue. */
    record Limits(int messages, long bytes) {
        private static final int FREE = 3;

        private static boolean permits(long own, long used, long limit) {
            return FREE * own <= limit - used;
        }
    }

    /** A message, when it was offered, and how often it was tried. */
    static final class Entry {
        final TelemetryRelay.Message message;
        final long came;
        int tries;

        Entry(TelemetryRelay.Message message, long came) {
            this.message = message;
            this.came = came;
        }
    }

    private static final class Line {
        final Deque<Entry> entries = new ArrayDeque<>();
        long bytes;
        long notBefore;
        boolean isTaken;
    }

    private final Limits limits;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Map<String, Line> lines = new LinkedHashMap<>();

    @GuardedBy("this")
    private int messages;

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private boolean closed;

    RelayQueue(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    synchronized boolean offer(TelemetryRelay.Message message) {
        int length = message.bytes().length;
        var line = lines.get(message.client());
        boolean fits = messages < limits.messages() && bytes + length <= limits.bytes();
        if (closed || !fits || line != null && !isWithinShare(line, length)) {
            return false;
        }
        var own = lines.computeIfAbsent(message.client(), name -> new Line());
        if (own.entries.isEmpty()) {
            own.notBefore = nanoTime.getAsLong();
        }
        own.entries.add(new Entry(message, nanoTime.getAsLong()));
        count(own, 1, length);
        notifyAll();
        return true;
    }

    /**
     * Waits for a message that may be sent now. It stays the first of its line until {@link #remove}. The line has no turn until then
     * or {@link #delay}, and is the last to have one again.
     *
     * @param idleNanos how long to wait if nothing waits
     * @return empty after that time, or if the queue is closed
     */
    synchronized Optional<Entry> take(long idleNanos) throws InterruptedException {
        long idleSince = System.nanoTime();
        while (!closed) {
            long now = nanoTime.getAsLong();
            long due = Long.MAX_VALUE;
            for (var each : lines.entrySet()) {
                if (each.getValue().isTaken) {
                    continue;
                }
                long wait = each.getValue().notBefore - now;
                if (wait <= 0) {
                    return Optional.of(turn(each.getKey(), each.getValue()));
                }
                due = Math.min(due, wait);
            }
            long idle = idleSince + idleNanos - System.nanoTime();
            if (due == Long.MAX_VALUE && idle <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, due == Long.MAX_VALUE ? idle : due);
        }
        return Optional.empty();
    }

    synchronized void remove(Entry entry) {
        var line = lines.get(entry.message.client());
        if (line != null && line.entries.remove(entry)) {
            count(line, -1, -entry.message.bytes().length);
            giveBack(line, 0);
            if (line.entries.isEmpty()) {
                lines.remove(entry.message.client());
            }
        }
    }

    synchronized void delay(Entry entry, long nanos) {
        var line = lines.get(entry.message.client());
        if (line != null) {
            giveBack(line, nanos);
        }
    }

    @GuardedBy("this")
    private void giveBack(Line line, long delay) {
        line.notBefore = nanoTime.getAsLong() + delay;
        line.isTaken = false;
        notifyAll();
    }

    /** Drops everything, and ends a wait. Returns how many messages there were. */
    synchronized int close() {
        int left = messages;
        closed = true;
        lines.clear();
        messages = 0;
        bytes = 0;
        notifyAll();
        return left;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized int messages() {
        return messages;
    }

    /** Their bytes. */
    synchronized long bytes() {
        return bytes;
    }

    @GuardedBy("this")
    private boolean isWithinShare(Line line, int length) {
        return Limits.permits(line.entries.size() + 1L, messages + 1L, limits.messages())
                && Limits.permits(line.bytes + length, bytes + length, limits.bytes());
    }

    @GuardedBy("this")
    private Entry turn(String client, Line line) {
        lines.remove(client);
        lines.put(client, line);
        line.isTaken = true;
        return line.entries.element();
    }

    @GuardedBy("this")
    private void count(Line line, int number, long length) {
        messages += number;
        bytes += length;
        line.bytes += length;
    }
}
