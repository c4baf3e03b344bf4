package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.ErrorReply;
import dev.warder.json.Chunks;
import dev.warder.json.MemoryBudget;
import org.jspecify.annotations.Nullable;

/**
 * Collects an answer that can only be told whole. The first 64 KiB have room as in any other answer's queue; for more there
 * has to be room in the memory for collected bodies, and until there is the upstream waits. Thread-safe.
 */
final class CollectedAnswer implements AnswerSink {
    /** What becomes of it; called without a lock. */
    interface Events {
        /** So many bytes of the upstream are off its hands. */
        void taken(int bytes);

        /** This is all of it. */
        void whole(byte[] body);

        /** It cannot be used. */
        void unusable(ErrorReply reply);
    }

    private static final int WITHOUT_PERMIT = 64 * 1024;

    /** As it came, as a document, and as the client will get it. */
    private static final int COPIES = 3;

    private final MemoryBudget memory;
    private final long limit;
    private final long expected;
    private final Events events;

    @GuardedBy("this")
    private final Chunks body = new Chunks();

    @GuardedBy("this")
    private MemoryBudget.@Nullable Permit permit;

    @GuardedBy("this")
    private boolean asked;

    @GuardedBy("this")
    private boolean granted;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private int owed;

    /**
     * @param memory the room for all collected bodies
     * @param limit the largest answer to take, in bytes
     * @param expected how long it will be, in bytes; {@code limit} where that is not known
     */
    CollectedAnswer(MemoryBudget memory, long limit, long expected, Events events) {
        this.memory = memory;
        this.limit = limit;
        this.expected = expected;
        this.events = events;
    }

    @Override
    public void piece(byte[] bytes, int read) {
        boolean tooLarge;
        boolean asks = false;
        synchronized (this) {
            if (closed) {
                return;
            }
            owed += read;
            tooLarge = bytes.length > limit - body.length();
            if (!tooLarge) {
                body.append(bytes, 0, bytes.length);
                asks = !asked && body.length() > WITHOUT_PERMIT;
                asked |= asks;
            }
        }
        if (tooLarge) {
            close();
            events.unusable(ErrorReply.badGateway("The upstream's answer is larger than is taken here."));
        } else if (asks) {
            ask();
        }
        pay();
    }

    @Override
    public void end() {
        byte[] whole;
        MemoryBudget.@Nullable Permit held;
        synchronized (this) {
            if (closed) {
                return;
            }
            whole = body.copy(0, body.length());
            held = permit;
        }
        if (held != null) {
            held.keep(COPIES * (long) whole.length);
        }
        events.whole(whole);
    }

    @Override
    public void close() {
        MemoryBudget.@Nullable Permit held;
        synchronized (this) {
            closed = true;
            held = permit;
            permit = null;
        }
        if (held != null) {
            held.release();
        }
    }

    private void ask() {
        var asking = memory.request(COPIES * expected, this::granted);
        boolean late;
        synchronized (this) {
            permit = asking;
            late = closed;
        }
        if (late) {
            close();
        }
    }

    private void granted() {
        synchronized (this) {
            granted = true;
        }
        pay();
    }

    private void pay() {
        int due = 0;
        synchronized (this) {
            if (!asked || granted) {
                due = owed;
                owed = 0;
            }
        }
        if (due > 0) {
            events.taken(due);
        }
    }
}
