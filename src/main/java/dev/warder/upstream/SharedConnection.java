package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.http2.nio.support.BasicPingHandler;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection and the streams on it. Calls wait here until the upstream has said how many streams it takes. No
 * call is added to a connection that is going away, or on which a cancelled stream has not come to its end.
 *
 * <p>Thread-safe. Streams and their owner are called without the lock.
 */
final class SharedConnection {
    /** More would gain nothing, and make the loss of one connection worse. */
    private static final int MOST_STREAMS = 100;

    /** Half of the numbers that streams can have; long before the end, another connection takes over. */
    private static final int LAST_ID = 1 << 30;

    private static final long IDLE_NANOS = 50_000_000_000L;
    private static final long PING_NANOS = 10_000_000_000L;
    private static final long GRACE_NANOS = 1_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final SharedConnections owner;

    @GuardedBy("lock")
    private final List<SharedStream> waiting = new ArrayList<>();

    @GuardedBy("lock")
    private final Set<SharedStream> open = new HashSet<>();

    @GuardedBy("lock")
    private final Set<SharedStream> abandoned = new HashSet<>();

    @GuardedBy("lock")
    private int room = MOST_STREAMS;

    @GuardedBy("lock")
    private boolean ready;

    @GuardedBy("lock")
    private boolean leaving;

    @GuardedBy("lock")
    private long changed;

    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile @Nullable IOSession session;
    private volatile @Nullable SharedStream beginning;
    private long heard;
    private long lastRead;
    private boolean pinged;

    SharedConnection(SharedConnections owner, long now) {
        this.owner = owner;
        this.changed = now;
        this.heard = now;
    }

    /** Makes a call a stream of this connection, to be begun by {@link #beginWaiting}; null when it has no room. */
    @Nullable
    SharedStream take(SharedCall call) {
        lock.lock();
        try {
            var known = session;
            boolean closed = known != null && !known.isOpen();
            if (leaving || closed || !abandoned.isEmpty() || open.size() + waiting.size() >= room) {
                return null;
            }
            var stream = new SharedStream(call, this);
            waiting.add(stream);
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /** Begins what waits, if the upstream is ready, and sends elsewhere what it has no room for. */
    void beginWaiting() {
        if (asked.compareAndSet(false, true)) {
            owner.connect(this);
        }
        var begun = new ArrayList<SharedStream>();
        var homeless = new ArrayList<SharedStream>();
        lock.lock();
        try {
            for (var stream : ready || leaving ? takeWaiting() : List.<SharedStream>of()) {
                if (leaving || open.size() >= room) {
                    homeless.add(stream);
                } else {
                    open.add(stream);
                    begun.add(stream);
                }
            }
        } finally {
            lock.unlock();
        }
        begun.forEach(this::begin);
        homeless.stream().filter(SharedStream::handOn).forEach(stream -> owner.execute(stream.call()));
    }

    /** The connection was made, and TLS begins. */
    void connected(IOSession made) {
        session = made;
    }

    /** The connection was not made or is lost: calls that wait for it fail. */
    void lost(Exception cause) {
        List<SharedStream> failing;
        lock.lock();
        try {
            leaving = true;
            failing = takeWaiting();
        } finally {
            lock.unlock();
        }
        owner.forget(this);
        for (var stream : failing) {
            stream.failed(cause);
            stream.releaseResources();
        }
    }

    /** The upstream speaks HTTP/1.1 only; answers the calls that wait. */
    List<SharedCall> leave() {
        lock.lock();
        try {
            leaving = true;
            return takeWaiting().stream()
                    .filter(SharedStream::handOn)
                    .map(SharedStream::call)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The upstream told its settings. {@code most} is how many streams it takes, negative when it did not say. */
    void settings(long most) {
        lock.lock();
        try {
            ready = true;
            if (most >= 0) {
                room = (int) Math.max(1, Math.min(most, MOST_STREAMS));
            }
        } finally {
            lock.unlock();
        }
        beginWaiting();
    }

    /** The upstream takes no more streams, and has not started on those above {@code lastId} (RFC 9113, section 6.8). */
    void goesAway(int lastId) {
        List<SharedStream> refused;
        lock.lock();
        try {
            leaving = true;
            refused = open.stream().filter(stream -> stream.id() > lastId).toList();
            abandoned.addAll(refused);
        } finally {
            lock.unlock();
        }
        refused.forEach(stream -> stream.failed(new RequestNotExecutedException()));
        beginWaiting();
    }

    /** This stream sends its head now. */
    void begins(SharedStream stream) {
        beginning = stream;
    }

    /** The stream that sends its head has this number. */
    void numbered(int id) {
        var stream = beginning;
        if (stream == null) {
            return;
        }
        beginning = null;
        stream.numbered(id);
        if (id > LAST_ID) {
            lock.lock();
            try {
                leaving = true;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Nobody wants this stream any more. Answers whether it was not begun, and so is gone. */
    boolean abandon(SharedStream stream) {
        lock.lock();
        try {
            if (open.contains(stream)) {
                abandoned.add(stream);
                changed = owner.now();
            }
            return waiting.remove(stream);
        } finally {
            lock.unlock();
        }
    }

    /** The stream has come to its end. */
    void ended(SharedStream stream) {
        lock.lock();
        try {
            open.remove(stream);
            abandoned.remove(stream);
            changed = owner.now();
        } finally {
            lock.unlock();
        }
    }

    void sendElsewhere(SharedCall call) {
        owner.execute(call);
    }

    /** Whether a stream is open or waits. */
    boolean isBusy() {
        lock.lock();
        try {
            return !open.isEmpty() || !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks after the connection now and then: closes it when nothing lives on it, and when the upstream does not answer
     * a ping. One thread at a time.
     */
    void tidy(long now) {
        var known = session;
        if (known == null) {
            return;
        }
        if (!known.isOpen()) {
            lost(new ConnectionClosedException());
        } else if (isIdle(now)) {
            known.enqueue(ShutdownCommand.GRACEFUL, Command.Priority.IMMEDIATE);
            owner.forget(this);
        } else if (isDeserted(now) || isDeaf(known, now)) {
            known.close(CloseMode.IMMEDIATE);
        }
    }

    /** Whether nothing happened here for long. From then on it takes no call. */
    private boolean isIdle(long now) {
        lock.lock();
        try {
            boolean idle = open.isEmpty() && waiting.isEmpty() && (leaving || now - changed > IDLE_NANOS);
            leaving |= idle;
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /** Whether only cancelled streams are left, and their upstream sends nothing that they could be reset at. */
    private boolean isDeserted(long now) {
        lock.lock();
        try {
            return !abandoned.isEmpty()
                    && abandoned.size() == open.size()
                    && waiting.isEmpty()
                    && now - changed > GRACE_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a ping stayed unanswered. A full connection is not asked: HttpCore would keep the ping back. */
    private boolean isDeaf(IOSession known, long now) {
        long read = known.getLastReadTime();
        if (read != lastRead || isFull()) {
            lastRead = read;
            heard = now;
            pinged = false;
        } else if (!pinged && now - heard > PING_NANOS) {
            pinged = true;
            known.enqueue(new PingCommand(new BasicPingHandler(answered -> {})), Command.Priority.NORMAL);
        }
        return now - heard > 2 * PING_NANOS;
    }

    private boolean isFull() {
        lock.lock();
        try {
            return open.size() >= room;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private List<SharedStream> takeWaiting() {
        var taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    private void begin(SharedStream stream) {
        var command = new RequestExecutionCommand(stream, HttpCoreContext.create());
        var known = session;
        if (known != null) {
            known.enqueue(command, Command.Priority.NORMAL);
        }
    }
}
