package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.MemoryBudget;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import dev.warder.stream.StreamTranslation;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Translates an event stream, event by event. What the translation keeps for the end of the response is charged to the
 * memory for collected bodies.
 *
 * <p>Thread-safe: the upstream's thread brings pieces, while the timer's may add an event and any thread may end the stream.
 * The lock is held while events go to the next stage, so that they stay in their order.
 */
final class TranslatedEvents implements ResponseSink {
    private static final Failure STREAM_FAILED =
            new Failure(ErrorReply.badGateway("The upstream's event stream cannot be used."), RequestEnd.ERROR);

    private final ReentrantLock lock = new ReentrantLock();
    private final KeptMemory memory;
    private final long limit;
    private final ResponseSink next;

    @GuardedBy("lock")
    private final StreamTranslation stream;

    /**
     * @param memory holds all collected bodies
     * @param limit the most bytes to keep
     */
    TranslatedEvents(StreamTranslation stream, MemoryBudget memory, long limit, ResponseSink next) {
        this.stream = stream;
        this.memory = new KeptMemory(memory);
        this.limit = limit;
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        memory.begin(limit, flow);
        lock.lock();
        try {
            memory.keep(stream.kept(), 0);
            next.head(head, flow);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void piece(byte[] bytes, int read) {
        boolean failed;
        boolean last;
        long kept;
        lock.lock();
        try {
            byte[] translated = stream.feed(bytes);
            failed = stream.failed();
            last = translated.length > 0 && stream.terminated();
            kept = stream.kept();
            if (memory.covers(kept)) {
                pass(translated, read);
            } else {
                pass(translated, 0);
                memory.keep(kept, read);
            }
        } finally {
            lock.unlock();
        }
        if (failed) {
            next.failed(STREAM_FAILED);
        } else if (kept > limit) {
            next.failed(CollectStage.tooLarge());
        } else if (last) {
            // The message is whole; its connection may go on.
            next.end();
        }
    }

    @Override
    public void end() {
        boolean failed;
        lock.lock();
        try {
            pass(stream.end(), 0);
            failed = stream.failed();
        } finally {
            lock.unlock();
        }
        if (failed) {
            next.failed(STREAM_FAILED);
        } else {
            next.end();
        }
    }

    /** Reports the last event in one step with it: another thread may ask meanwhile what may be added. */
    @GuardedBy("lock")
    private void pass(byte[] translated, int read) {
        if (translated.length > 0 && stream.terminated()) {
            next.lastPiece(translated, read);
        } else {
            next.piece(translated, read);
        }
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    @Override
    public void close() {
        memory.close();
    }

    void whileSilent() {
        lock.lock();
        try {
            next.piece(stream.whileSilent(), 0);
        } finally {
            lock.unlock();
        }
    }

    /** The event that ends a stream which cannot go on; empty where an {@code error} event is enough. */
    Optional<byte[]> failure(ErrorReply reply) {
        lock.lock();
        try {
            return stream.failure(reply);
        } finally {
            lock.unlock();
        }
    }
}
