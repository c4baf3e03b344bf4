package dev.warder.exchange.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.ByteQueue;
import dev.warder.exchange.up.SendProgress.RequestContent;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.http.BodyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is not collected: pieces go from the client to the upstream as they come, and the client's socket stays
 * unread while the upstream takes none, and almost unread before there is a connection. It can be sent once.
 *
 * <p>Thread-safe. Data arrives on the container's threads and leaves on the reactor's; either wakes the other when there is
 * work for it.
 */
final class RelayedUpload implements Upload, RequestContent, BodyReader.Sink {
    private static final int QUEUE_LIMIT = 64 * 1024;

    /** The same before there is a connection: enough that a small body is sent together with its head. */
    private static final int EARLY_LIMIT = 8 * 1024;

    private final BodyReader reader;
    private final long length;
    private final SendProgress progress;
    private final Events events;
    private final RefusalHandler exchange;

    /** Null once the request is sent: a stream may go on for an hour. */
    private @Nullable RequestHead arrived;

    @GuardedBy("this")
    private final ByteQueue queue = new ByteQueue();

    @GuardedBy("this")
    private long received;

    @GuardedBy("this")
    private boolean ended;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private ByteBuffer current = ByteBuffer.allocate(0);

    private volatile @Nullable DataStreamChannel channel;
    private volatile boolean endSent;
    private long sent;

    /** @param exchange also ends when the client has sent another number of bytes than it declared */
    RelayedUpload(Arrival arrival, Events events, RefusalHandler exchange) {
        this.arrived = arrival.head();
        this.reader =
                new BodyReader(arrival.turn(), arrival.in(), arrival.head().contentLength(), this, exchange);
        this.length = arrival.head().contentLength();
        this.progress = events.progress();
        this.events = events;
        this.exchange = exchange;
    }

    @Override
    public void open() {
        events.prepared();
    }

    @Override
    public Outgoing outgoing() {
        var head = Objects.requireNonNull(arrived);
        arrived = null;
        return Outgoing.of(head, false, () -> progress.with(this));
    }

    @Override
    public Optional<BodyReader> reader() {
        return Optional.of(reader);
    }

    @Override
    public synchronized boolean wants() {
        return !closed && queue.length() < (channel == null ? EARLY_LIMIT : QUEUE_LIMIT);
    }

    @Override
    public synchronized boolean asks() {
        return !ended && wants();
    }

    @Override
    public synchronized void take(byte[] buffer, int n) {
        received += n;
        if (!closed && !isWrongLength(false)) {
            if (!waitsForUpstream()) {
                progress.due();
            }
            queue.add(Arrays.copyOf(buffer, n));
        }
    }

    @Override
    public void taken(int bytes, boolean atEnd) {
        boolean news;
        boolean wrong;
        synchronized (this) {
            wrong = isWrongLength(atEnd);
            news = bytes > 0 || atEnd && !ended;
            if (news && !waitsForUpstream()) {
                progress.due();
            }
            ended |= atEnd && !wrong;
        }
        events.read(bytes);
        if (wrong) {
            exchange.clientGone();
        } else if (news) {
            requestOutput();
        }
    }

    private void requestOutput() {
        var upstream = channel;
        if (upstream != null) {
            try {
                upstream.requestOutput();
            } catch (CancelledKeyException closed) {
                // The end of the exchange is reported by HttpCore.
            }
        }
    }

    @Override
    public synchronized int available() {
        int bytes = (int) queue.length() + current.remaining();
        return bytes == 0 && ended && !endSent ? 1 : bytes;
    }

    @Override
    public synchronized long unsent() {
        return queue.length() + current.remaining();
    }

    private boolean waitsForUpstream() {
        return available() > 0;
    }

    @Override
    public boolean waitsForClient() {
        return !waitsForUpstream();
    }

    @Override
    public void produce(DataStreamChannel upstream) throws IOException {
        channel = upstream;
        var piece = next();
        while (piece.hasRemaining()) {
            int written = upstream.write(piece);
            if (written > 0) {
                sent += written;
                progress.sent(written);
            }
            if (piece.hasRemaining()) {
                return;
            }
            piece = next();
        }
        if (allTaken()) {
            requireWhole();
            endSent = true;
            upstream.endStream();
            progress.sentAll();
        } else {
            reader.pull();
        }
    }

    /** Stops reading and drops the bytes that were read. */
    @Override
    public synchronized void close() {
        closed = true;
        queue.clear();
    }

    @Override
    public void releaseResources() {
        close();
        progress.released();
    }

    @Override
    public long getContentLength() {
        return length;
    }

    /** The piece to write, empty when there is none. Only the reactor's thread of this exchange uses it. */
    private synchronized ByteBuffer next() {
        if (!current.hasRemaining()) {
            byte[] piece = queue.poll();
            if (piece != null) {
                current = ByteBuffer.wrap(piece);
            }
        }
        return current;
    }

    private synchronized boolean allTaken() {
        return ended && !closed && queue.isEmpty() && !endSent;
    }

    /** A shorter body than the head declares must not end as a whole one: the upstream would take what follows for its rest. */
    private void requireWhole() {
        if (length >= 0 && sent != length) {
            throw new IllegalStateException("A request body is not as long as its head declares");
        }
    }

    @GuardedBy("this")
    private boolean isWrongLength(boolean atEnd) {
        return length >= 0 && (received > length || atEnd && received < length);
    }
}
