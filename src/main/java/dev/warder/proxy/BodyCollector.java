package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.ErrorReply;
import dev.warder.json.Chunks;
import dev.warder.json.GzipContent;
import dev.warder.json.GzipException;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON body without blocking into chunks, and checks it as it comes. It starts when the memory budget has granted
 * its room, and until then leaves the client's socket unread. A body that turns out wrong is still read to its end, so that
 * the client, who may write it whole before it reads, gets to see the answer.
 *
 * <p>Thread-safe.
 */
final class BodyCollector implements ReadListener {
    /** What becomes of the body; called without the lock, exactly one of them once. */
    interface Events {
        /** The body is whole, and one JSON object. */
        void collected(Chunks body, JsonOutline outline);

        /** The body cannot be taken. */
        void unacceptable(ErrorReply reply);

        /** The client was lost before the body's end. */
        void clientGone();
    }

    private static final int BUFFER = 16 * 1024;

    private final ReentrantLock lock;
    private final ServletInputStream in;
    private final RequestHead head;
    private final long limit;
    private final LongConsumer read;
    private final Events events;

    @GuardedBy("lock")
    private final Chunks body;

    @GuardedBy("lock")
    private final OutlineScanner scanner;

    @GuardedBy("lock")
    private long received;

    @GuardedBy("lock")
    private boolean granted;

    @GuardedBy("lock")
    private boolean readable;

    @GuardedBy("lock")
    private boolean done;

    @GuardedBy("lock")
    private boolean judged;

    @GuardedBy("lock")
    private @Nullable ErrorReply fault;

    /**
     * @param limit the largest body to take, in bytes
     * @param read is told how many bytes were read
     */
    BodyCollector(
            ReentrantLock lock, ServletInputStream in, RequestHead head, long limit, LongConsumer read, Events events) {
        this.lock = lock;
        this.in = in;
        this.head = head;
        this.limit = limit;
        this.read = read;
        this.events = events;
        this.body = head.contentLength() > 0 ? new Chunks(Math.min(head.contentLength(), limit)) : new Chunks();
        this.scanner = new OutlineScanner(body);
    }

    /** There is room in memory: reading may begin. */
    void granted() {
        Runnable news;
        lock.lock();
        try {
            granted = true;
            news = fill();
        } finally {
            lock.unlock();
        }
        news.run();
    }

    /** Stops reading for good. */
    void close() {
        lock.lock();
        try {
            done = true;
            judged = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onDataAvailable() {
        Runnable news;
        lock.lock();
        try {
            readable = true;
            news = fill();
        } finally {
            lock.unlock();
        }
        news.run();
    }

    /** Tomcat calls this from inside {@code isReady} too, when that finds the end on a thread that is not its own. */
    @Override
    public void onAllDataRead() {
        Runnable news = BodyCollector::nothing;
        lock.lock();
        try {
            done = true;
            if (lock.getHoldCount() == 1) {
                news = judge();
            }
        } finally {
            lock.unlock();
        }
        news.run();
    }

    @Override
    public void onError(Throwable lost) {
        events.clientGone();
    }

    /** Reads what is there, and answers what is to be said without the lock. */
    @GuardedBy("lock")
    private Runnable fill() {
        try {
            readWhileReady();
        } catch (IOException | RuntimeException broken) {
            return events::clientGone;
        }
        return done ? judge() : BodyCollector::nothing;
    }

    /**
     * A stream that is finished is not asked whether it is ready: Tomcat then takes its socket's lock, under which its own
     * thread may wait for ours.
     */
    @GuardedBy("lock")
    private void readWhileReady() throws IOException {
        if (!granted || !readable || done) {
            return;
        }
        byte[] buffer = new byte[BUFFER];
        while (!done && !in.isFinished() && in.isReady()) {
            int n = in.read(buffer);
            if (n < 0) {
                done = true;
            } else {
                take(buffer, n);
            }
        }
        done |= in.isFinished();
    }

    private static void nothing() {}

    @GuardedBy("lock")
    private void take(byte[] buffer, int n) {
        read.accept(n);
        received += n;
        if (received > limit) {
            fault = tooLarge(limit);
            done = true;
        } else if (fault == null) {
            body.append(buffer, 0, n);
            if (!head.isGzip()) {
                scan(buffer, n);
            }
        }
    }

    @GuardedBy("lock")
    private void scan(byte[] buffer, int n) {
        try {
            scanner.feed(buffer, 0, n);
        } catch (JsonException invalid) {
            fault = invalid(invalid);
        }
    }

    /** The one verdict about the whole body, to be told without the lock. */
    @GuardedBy("lock")
    private Runnable judge() {
        if (judged) {
            return BodyCollector::nothing;
        }
        judged = true;
        var refusal = fault;
        if (refusal != null) {
            return () -> events.unacceptable(refusal);
        }
        try {
            var content = head.isGzip() ? GzipContent.decode(body, limit) : body;
            var outline = head.isGzip() ? OutlineScanner.outline(content) : scanner.finish();
            return () -> events.collected(content, outline);
        } catch (JsonException invalid) {
            return () -> events.unacceptable(invalid(invalid));
        } catch (GzipException coded) {
            return () -> events.unacceptable(unreadable(coded, limit));
        }
    }

    static ErrorReply tooLarge(long limit) {
        return ErrorReply.tooLarge("The request body is larger than the " + limit + " bytes that are taken here.");
    }

    private static ErrorReply unreadable(GzipException coded, long limit) {
        return switch (coded.problem()) {
            case TOO_LARGE -> tooLarge(limit);
            case BROKEN -> ErrorReply.invalidRequest("The request body is not the gzip content it is said to be.");
        };
    }

    private static ErrorReply invalid(JsonException invalid) {
        return ErrorReply.invalidRequest("The request body is not valid: " + invalid.getMessage());
    }
}
