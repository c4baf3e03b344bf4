package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * The way up of a body that is not collected: pieces go from the client to the upstream as they come, and the client's
 * socket stays unread while the upstream takes none.
 *
 * <p>Thread-safe. Data arrives on the container's threads and leaves on the reactor's; either may find that the other has
 * work and does it.
 */
final class RequestRelay implements ReadListener, AsyncEntityProducer {
    private static final int QUEUE_LIMIT = 64 * 1024;
    private static final int LOST = -1;
    private static final int PIECE = 16 * 1024;

    private final ReentrantLock lock;
    private final ServletInputStream in;
    private final long length;
    private final RequestProgress progress;
    private final LongConsumer read;
    private final Runnable clientGone;

    @GuardedBy("lock")
    private final ByteQueue queue = new ByteQueue();

    @GuardedBy("lock")
    private boolean readable;

    @GuardedBy("lock")
    private boolean ended;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private ByteBuffer current = ByteBuffer.allocate(0);

    private volatile @Nullable DataStreamChannel channel;
    private volatile boolean endSent;

    /**
     * @param length the declared length, negative when the body is chunked
     * @param read is told how many bytes were read
     * @param clientGone is called, without the lock, when the client was lost before the body's end
     */
    RequestRelay(
            ReentrantLock lock,
            ServletInputStream in,
            long length,
            RequestProgress progress,
            LongConsumer read,
            Runnable clientGone) {
        this.lock = lock;
        this.in = in;
        this.length = length;
        this.progress = progress;
        this.read = read;
        this.clientGone = clientGone;
    }

    @Override
    public void onDataAvailable() {
        lock.lock();
        try {
            readable = true;
        } finally {
            lock.unlock();
        }
        fill();
    }

    @Override
    public void onAllDataRead() {
        boolean news;
        lock.lock();
        try {
            news = !ended;
            ended = true;
        } finally {
            lock.unlock();
        }
        if (news) {
            requestOutput();
        }
    }

    @Override
    public void onError(Throwable lost) {
        clientGone.run();
    }

    @Override
    public int available() {
        lock.lock();
        try {
            int bytes = (int) queue.length() + current.remaining();
            return bytes == 0 && ended && !endSent ? 1 : bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether bytes wait for the upstream: if not, it is the client who is slow. */
    boolean waitsForUpstream() {
        return available() > 0;
    }

    @Override
    public void produce(DataStreamChannel upstream) throws IOException {
        channel = upstream;
        var piece = next();
        while (piece.hasRemaining()) {
            if (upstream.write(piece) > 0) {
                progress.sent();
            }
            if (piece.hasRemaining()) {
                return;
            }
            piece = next();
        }
        if (allTaken()) {
            endSent = true;
            upstream.endStream();
            progress.sentAll();
        } else {
            fill();
        }
    }

    /** Stops reading and lets go of what was read. */
    void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void releaseResources() {
        close();
        progress.released();
    }

    @Override
    public void failed(Exception told) {}

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public boolean isChunked() {
        return length < 0;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    /** The piece to write, empty when there is none. Only the reactor's thread of this call uses it. */
    private ByteBuffer next() {
        lock.lock();
        try {
            if (!current.hasRemaining()) {
                byte[] piece = queue.poll();
                if (piece != null) {
                    current = ByteBuffer.wrap(piece);
                }
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private boolean allTaken() {
        lock.lock();
        try {
            return ended && queue.isEmpty() && !endSent;
        } finally {
            lock.unlock();
        }
    }

    private void fill() {
        int n;
        lock.lock();
        try {
            n = readWhileReady();
        } catch (IOException | RuntimeException broken) {
            n = LOST;
        } finally {
            lock.unlock();
        }
        if (n == LOST) {
            clientGone.run();
        } else {
            read.accept(n);
            requestOutput();
        }
    }

    /** Reads what is there as long as the queue has room, and tells how many bytes that were. */
    @GuardedBy("lock")
    private int readWhileReady() throws IOException {
        int total = 0;
        byte[] buffer = new byte[PIECE];
        while (readable && !closed && !ended && queue.length() < QUEUE_LIMIT && hasMore()) {
            int n = in.read(buffer);
            if (n < 0) {
                ended = true;
            } else {
                queue.add(Arrays.copyOf(buffer, n));
                total += n;
            }
        }
        ended = ended || readable && !closed && in.isFinished();
        return total;
    }

    /**
     * Asks for the end first: at the end of a body, Tomcat's {@code isReady} on a foreign thread waits for the lock of the
     * socket, whose holder may be waiting in {@code onAllDataRead} for ours.
     */
    @GuardedBy("lock")
    private boolean hasMore() {
        return !in.isFinished() && in.isReady();
    }

    private void requestOutput() {
        var upstream = channel;
        if (upstream != null) {
            upstream.requestOutput();
        }
    }
}
