package dev.warder.proxy;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the client's body whenever there is some and its sink wants it, and leaves the socket unread otherwise.
 *
 * <p>Thread-safe. The container's threads bring news of data, any thread may {@link #pull}; whoever has the turn reads, and
 * the sink is called by one thread at a time.
 */
final class BodyReader implements ReadListener {
    /** Where the bytes go. */
    interface Sink {
        /** Whether more may be read now. */
        boolean wants();

        /** Takes the first {@code n} bytes of {@code buffer}, which is used again afterwards. */
        void take(byte[] buffer, int n);

        /** So many bytes were taken since the last time, and perhaps the end was reached. */
        void taken(int bytes, boolean ended);

        /** The client was lost before the end. */
        void lost();
    }

    private static final int BUFFER = 64 * 1024;
    private static final int SMALL_BUFFER = 8 * 1024;
    private static final long MOST_DROPPED = 64L * 1024 * 1024;

    private final ReadTurn turn;
    private final ServletInputStream in;
    private final Sink sink;
    private volatile boolean askable;
    private volatile boolean allRead;
    private volatile boolean ended;
    private volatile @Nullable Runnable afterDropping;
    private long dropped;

    BodyReader(ReadTurn turn, ServletInputStream in, Sink sink) {
        this.turn = turn;
        this.in = in;
        this.sink = sink;
    }

    /** Reads what is there and wanted, or has that done by the thread that reads just now. */
    void pull() {
        turn.take(this::readAndTell);
    }

    /** Gives the sink nothing any more, drops up to 64 MiB of what still comes, and then runs {@code next} once. */
    void drop(Runnable next) {
        afterDropping = next;
        pull();
    }

    @Override
    public void onDataAvailable() {
        askable = true;
        pull();
    }

    /** Tomcat calls this from inside {@code isReady} too, when that finds the end on a thread that is not its own. */
    @Override
    public void onAllDataRead() {
        allRead = true;
        pull();
    }

    @Override
    public void onError(Throwable cause) {
        sink.lost();
    }

    private void readAndTell() {
        int bytes;
        try {
            bytes = readWhileWanted();
        } catch (IOException | RuntimeException broken) {
            sink.lost();
            return;
        }
        if (turn.over()) {
            return;
        }
        var next = afterDropping;
        if (next == null) {
            sink.taken(bytes, ended);
        } else if (ended || dropped > MOST_DROPPED) {
            afterDropping = BodyReader::nothing;
            next.run();
        }
    }

    private static void nothing() {}

    private int readWhileWanted() throws IOException {
        int total = 0;
        byte @Nullable [] buffer = null;
        while (mayRead() && ready()) {
            buffer = buffer == null ? new byte[size()] : buffer;
            int n = in.read(buffer);
            if (n < 0) {
                ended = true;
            } else if (afterDropping == null) {
                sink.take(buffer, n);
                total += n;
            } else {
                dropped += n;
            }
        }
        return total;
    }

    /** What the container has, as far as it says so: Tomcat says 1 of what it has not read from the socket yet. */
    private int size() throws IOException {
        return Math.max(SMALL_BUFFER, Math.min(in.available(), BUFFER));
    }

    /** A stream that is finished is not asked for more: Tomcat would order a callback then, on a thread not its own. */
    private boolean mayRead() {
        if (turn.over()) {
            return false;
        }
        ended = ended || allRead || in.isFinished();
        return !ended && (afterDropping == null ? sink.wants() : dropped <= MOST_DROPPED);
    }

    /**
     * Asks the container only when it has not been asked yet: after a {@code false} the next word is its own. Whoever asks
     * again may read what it is just about to announce, and Tomcat's announcement of a body that was read and answered
     * meanwhile ends in an error.
     */
    private boolean ready() {
        if (!askable) {
            return false;
        }
        // Lowered first, because the container may call back on another thread before the question is answered.
        askable = false;
        if (in.isReady()) {
            askable = true;
            return true;
        }
        // The question may have found the end, which Tomcat announces on its own threads only.
        ended = ended || in.isFinished();
        return false;
    }
}
