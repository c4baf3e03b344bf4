package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the client's body whenever there is some and its sink wants it, and leaves the socket unread otherwise.
 *
 * <p>Thread-safe. The container's threads bring news of data, any thread may {@link #pull}.
 */
final class BodyReader implements ReadListener {
    /** Where the bytes go. */
    interface Sink {
        /** Whether more may be read now; under the lock. */
        boolean wants();

        /** Takes the first {@code n} bytes of {@code buffer}, which is used again afterwards; under the lock. */
        void take(byte[] buffer, int n);

        /** So many bytes were taken, and perhaps the end was reached; without the lock. */
        void taken(int bytes, boolean ended);

        /** The client was lost before the end; without the lock. */
        void lost();
    }

    private static final int BUFFER = 16 * 1024;
    private static final int LOST = -1;

    private final ReentrantLock lock;
    private final ServletInputStream in;
    private final Sink sink;

    @GuardedBy("lock")
    private boolean readable;

    @GuardedBy("lock")
    private boolean reading;

    @GuardedBy("lock")
    private boolean ended;

    BodyReader(ReentrantLock lock, ServletInputStream in, Sink sink) {
        this.lock = lock;
        this.in = in;
        this.sink = sink;
    }

    /** Reads what is there and wanted. */
    void pull() {
        int bytes;
        boolean atEnd;
        lock.lock();
        try {
            bytes = read();
            atEnd = ended;
        } finally {
            lock.unlock();
        }
        if (bytes == LOST) {
            sink.lost();
        } else {
            sink.taken(bytes, atEnd);
        }
    }

    @Override
    public void onDataAvailable() {
        lock.lock();
        try {
            readable = true;
        } finally {
            lock.unlock();
        }
        pull();
    }

    /** Tomcat calls this from inside {@code isReady} too, when that finds the end on a thread that is not its own. */
    @Override
    public void onAllDataRead() {
        boolean insidePull;
        lock.lock();
        try {
            ended = true;
            insidePull = reading;
        } finally {
            lock.unlock();
        }
        if (!insidePull) {
            sink.taken(0, true);
        }
    }

    @Override
    public void onError(Throwable cause) {
        sink.lost();
    }

    @GuardedBy("lock")
    private int read() {
        reading = true;
        try {
            return readWhileWanted();
        } catch (IOException | RuntimeException broken) {
            return LOST;
        } finally {
            reading = false;
        }
    }

    @GuardedBy("lock")
    private int readWhileWanted() throws IOException {
        int total = 0;
        byte[] buffer = new byte[readable && !ended ? BUFFER : 0];
        while (readable && !ended && sink.wants() && hasMore()) {
            int n = in.read(buffer);
            if (n < 0) {
                ended = true;
            } else {
                sink.take(buffer, n);
                total += n;
            }
        }
        ended |= readable && in.isFinished();
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
}
