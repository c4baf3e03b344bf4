package dev.warder.response;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryShare;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects a response that can only be used whole. The first 64 KiB have room as in any other response's queue; more is
 * charged in steps to the memory for collected bodies, and while there is none the upstream waits. Thread-safe.
 */
final class CollectStage implements ResponseSink {
    private static final int UNCHARGED = 64 * 1024;
    private static final long LARGEST_STEP = 4 << 20;

    /** As it came, as a document, and as the client will get it. */
    private static final int COPIES = 3;

    private final MemoryBudget.Claim claim;
    private final long limit;
    private final Consumer<byte[]> whole;
    private final ResponseSink next;

    @GuardedBy("this")
    private long expected;

    @GuardedBy("this")
    private @Nullable Flow flow;

    @GuardedBy("this")
    private final Chunks body = new Chunks();

    /** Bytes that may be taken before more memory has to be granted. */
    @GuardedBy("this")
    private long covered = UNCHARGED;

    @GuardedBy("this")
    private boolean waits;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private int owed;

    /**
     * @param memory holds all collected bodies
     * @param limit the largest response to take, in bytes
     * @param whole receives the content once it is whole
     * @param next receives the failure of a response that cannot be used
     */
    CollectStage(MemoryBudget memory, long limit, Consumer<byte[]> whole, ResponseSink next) {
        // Its client is not charged: two of its responses would wait for each other until the upstream is given up.
        this.claim = memory.claim(MemoryShare.UNLIMITED, -1);
        this.limit = limit;
        this.expected = limit;
        this.whole = whole;
        this.next = next;
    }

    @Override
    public synchronized void head(ResponseHead head, Flow upstream) {
        expected = head.contentLength() >= 0 ? Math.min(limit, head.contentLength()) : limit;
        flow = upstream;
    }

    @Override
    public void piece(byte[] bytes, int read) {
        boolean tooLarge;
        synchronized (this) {
            if (closed) {
                return;
            }
            owed += read;
            tooLarge = bytes.length > limit - body.length();
            if (!tooLarge) {
                body.append(bytes, 0, bytes.length);
            }
        }
        if (tooLarge) {
            close();
            failed(new Failure(
                    ErrorReply.badGateway("The upstream's response is larger than the limit."), RequestEnd.ERROR));
        }
        goOn();
    }

    @Override
    public void end() {
        byte[] content;
        synchronized (this) {
            if (closed) {
                return;
            }
            content = body.copy(0, body.length());
        }
        claim.keep(COPIES * (long) content.length);
        whole.accept(content);
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        claim.release();
    }

    /** Takes what was read from the upstream if memory is charged for it, else asks for that memory. */
    private void goOn() {
        for (long next = next(); next > 0; next = next()) {
            long step = next;
            if (!claim.grow(COPIES * next, () -> granted(step))) {
                return;
            }
            cover(next);
        }
        int due = 0;
        Flow upstream;
        synchronized (this) {
            upstream = flow;
            if (!waits) {
                due = owed;
                owed = 0;
            }
        }
        if (due > 0 && upstream != null) {
            upstream.taken(due);
        }
    }

    /** How many bytes memory is to be asked for; 0 for none, or when it was asked for already. */
    private synchronized long next() {
        long length = body.length();
        if (closed || waits || length <= covered) {
            return 0;
        }
        waits = true;
        long step = Math.max(UNCHARGED, Math.min(length, LARGEST_STEP));
        return Math.max(length, Math.min(expected, length + step));
    }

    private void granted(long bytes) {
        cover(bytes);
        goOn();
    }

    private synchronized void cover(long bytes) {
        covered = bytes;
        waits = false;
    }
}
