package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonException;
import dev.warder.json.OutlineScanner;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects a JSON body into chunks, and checks it as it comes. Memory is charged before each read, and while there is none
 * the client's socket stays unread. A body that turns out wrong is still read and dropped, up to twice the
 * limit, so that a client which writes it whole before it reads receives the response.
 *
 * <p>Thread-safe.
 */
final class BodyCollector implements BodyReader.Sink {
    private final ReentrantLock lock = new ReentrantLock();
    private final BodyReader reader;
    private final boolean gzip;
    private final long limit;
    private final LongConsumer read;
    private final RefusalHandler exchange;
    private final BodyVerdict verdict;
    private final BodyMemory memory;

    @GuardedBy("lock")
    private @Nullable Chunks body;

    @GuardedBy("lock")
    private @Nullable OutlineScanner scanner;

    @GuardedBy("lock")
    private long received;

    @GuardedBy("lock")
    private boolean done;

    @GuardedBy("lock")
    private @Nullable ErrorReply fault;

    /**
     * @param body where the bytes go, empty
     * @param limit the largest body to take, in bytes
     * @param memory what the body is charged to
     * @param verdict is asked, without the lock, about a body that is whole, and nothing else follows
     * @param read receives the number of bytes that were read
     * @param exchange is ended once otherwise
     */
    BodyCollector(
            Arrival arrival,
            Chunks body,
            long limit,
            BodyMemory memory,
            BodyVerdict verdict,
            LongConsumer read,
            RefusalHandler exchange) {
        this.reader = new BodyReader(arrival.turn(), arrival.in(), this, exchange);
        this.gzip = arrival.head().isGzip();
        this.limit = limit;
        this.read = read;
        this.exchange = exchange;
        this.memory = memory;
        this.verdict = verdict;
        this.body = body;
        this.scanner = verdict.scanner(body);
    }

    BodyReader listener() {
        return reader;
    }

    /** Whether bytes are wanted from the client just now. */
    boolean asks() {
        lock.lock();
        try {
            return !done && !memory.waits();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        verdict.close();
        lock.lock();
        try {
            done = true;
            letGo();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean wants() {
        long soFar;
        lock.lock();
        try {
            if (done || received > 2 * limit) {
                return false;
            }
            if (fault != null) {
                return true;
            }
            soFar = received;
        } finally {
            lock.unlock();
        }
        // Without the lock: it may run what others have waited for.
        return memory.covers(soFar, reader::pull);
    }

    @Override
    public void take(byte[] buffer, int n) {
        boolean useless;
        lock.lock();
        try {
            received += n;
            if (fault == null && received > limit) {
                fault = BodyVerdict.tooLarge(limit);
            } else if (fault == null && body != null && scanner != null) {
                body.append(buffer, 0, n);
                scan(scanner, buffer, n);
            }
            useless = fault != null && body != null;
            if (useless) {
                letGo();
            }
        } finally {
            lock.unlock();
        }
        if (useless) {
            memory.release();
        }
    }

    @Override
    public void taken(int bytes, boolean ended) {
        read.accept(bytes);
        Runnable word = () -> {};
        lock.lock();
        try {
            if (!done && (ended || received > 2 * limit)) {
                done = true;
                word = word();
                letGo();
            }
        } finally {
            lock.unlock();
        }
        word.run();
    }

    @GuardedBy("lock")
    private void scan(OutlineScanner scanner, byte[] buffer, int n) {
        try {
            if (!gzip) {
                scanner.feed(buffer, 0, n);
            }
        } catch (JsonException invalid) {
            fault = BodyVerdict.invalid(invalid);
        }
    }

    @GuardedBy("lock")
    private void letGo() {
        body = null;
        scanner = null;
    }

    /** The one word about the whole body, to be given without the lock. */
    @GuardedBy("lock")
    private Runnable word() {
        var refusal = fault;
        if (refusal != null) {
            return () -> exchange.refused(refusal);
        }
        var whole = Objects.requireNonNull(body);
        return gzip ? () -> verdict.coded(whole) : verdict.plain(whole, Objects.requireNonNull(scanner));
    }
}
