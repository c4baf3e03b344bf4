package dev.warder.upstream.h2;

import dev.warder.upstream.h2.SharedConnections.SharedExchange;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection. Exchanges wait here until the upstream has sent how many streams it accepts, because HttpCore 5.4.4
 * would hold back those above the limit until other streams end (see also pull request 553 of httpcomponents-core).
 *
 * <p>Thread-safe.
 */
final class SharedConnection {
    /** Half of the available stream numbers; another connection takes over long before they run out. */
    private static final int LAST_ID = 1 << 30;

    private static final long IDLE_NANOS = 50_000_000_000L;
    private static final long BEGIN_NANOS = 10_000_000_000L;
    private static final long GRACE_NANOS = 1_000_000_000L;

    final SharedConnections owner;
    private final StreamSlots slots;
    private final Pulse pulse;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile @Nullable IOSession session;
    private volatile long speaksSince;
    private @Nullable SharedStream beginning;
    private int refused;

    SharedConnection(SharedConnections owner, long now) {
        this.owner = owner;
        this.slots = new StreamSlots(now);
        this.pulse = new Pulse(now);
    }

    /** Makes an exchange a stream of this connection, to be begun by {@link #beginWaiting}; null when there is no place. */
    @Nullable
    SharedStream take(SharedExchange exchange) {
        var known = session;
        boolean closed = known != null && !known.isOpen();
        boolean stale = exchange.wantsFreshConnection() && slots.isReady();
        var stream = new SharedStream(exchange, this);
        return !closed && !stale && slots.take(stream) ? stream : null;
    }

    void beginWaiting() {
        if (asked.compareAndSet(false, true)) {
            owner.reactor.connect(this);
        }
        slots.openWaiting().forEach(this::begin);
        var unplaced = slots.removeUnplaced();
        if (slots.isLeft()) {
            fail(unplaced, new RequestNotExecutedException());
        } else {
            handOn(unplaced).forEach(owner::execute);
        }
    }

    /** TCP is established; TLS begins and may take at most this long. */
    void connected(IOSession known, Timeout handshake) {
        speaksSince = owner.now() + handshake.toNanoseconds();
        session = known;
    }

    /** TLS is established; HTTP/2 begins. */
    void secured() {
        speaksSince = owner.now();
    }

    /** The connection was not made or is lost: exchanges that wait for it fail. */
    void lost(Exception cause) {
        slots.leave();
        owner.forget(this);
        fail(slots.removeUnplaced(), cause);
    }

    List<SharedExchange> leave() {
        slots.leave();
        owner.forget(this);
        return handOn(slots.removeUnplaced());
    }

    /**
     * The upstream sent its settings. {@code most} is how many streams it accepts, negative when the frame has no
     * limit.
     */
    void settings(long most) {
        slots.open(most);
        beginWaiting();
    }

    /**
     * The upstream accepts no further streams, and has not started on those above {@code lastId} (RFC 9113, section
     * 6.8).
     */
    void goesAway(int lastId) {
        slots.leave(lastId).forEach(SharedStream::leftBehind);
        beginWaiting();
    }

    /** This stream sends its head now. Called on the reactor's thread. */
    void begins(SharedStream stream) {
        beginning = stream;
    }

    /** The stream that sends its head has this number. Called on the reactor's thread. */
    void numbered(int id) {
        var stream = beginning;
        if (stream != null) {
            stream.numbered(id);
            beginning = null;
        }
        if (id > LAST_ID) {
            slots.leave();
        }
    }

    /** The exchange no longer needs this stream. Returns whether the stream was not begun, and so is removed. */
    boolean abandon(SharedStream stream) {
        return slots.abandon(stream, owner.now());
    }

    boolean takeBack(SharedStream stream) {
        var known = session;
        return known != null && new StreamQueue(known).takeBack(stream);
    }

    void ended(SharedStream stream) {
        slots.ended(stream, owner.now());
    }

    /**
     * The upstream resets this stream, and has not started on it. Called on the reactor's thread, before the stream
     * knows.
     */
    void refuses(int id) {
        refused = id;
    }

    /** The number of the stream that was refused last, 0 for none. Called on the reactor's thread. */
    int refused() {
        return refused;
    }

    /**
     * Returns an exchange to the owner. Nothing of the exchange was sent, since the connection ends; this connection gets no
     * further exchange.
     */
    void giveBack(SharedExchange exchange) {
        slots.leave();
        owner.execute(exchange);
    }

    boolean isBusy() {
        return !slots.isEmpty();
    }

    /**
     * Checks the connection periodically, and closes it when it carries no stream or when the other side is dead. One
     * thread at a time.
     */
    void tidy(long now) {
        var known = session;
        if (known == null) {
            return;
        }
        if (!known.isOpen()) {
            lost(new ConnectionClosedException());
        } else if (slots.leaveIfIdle(now - IDLE_NANOS)) {
            known.enqueue(ShutdownCommand.GRACEFUL, Command.Priority.IMMEDIATE);
            owner.forget(this);
        } else if (!slots.isReady() && now - speaksSince > BEGIN_NANOS) {
            known.close(CloseMode.IMMEDIATE);
            lost(new SocketTimeoutException("The upstream did not begin to speak HTTP/2"));
        } else if (slots.isDeserted(now - GRACE_NANOS) || isDead(known, now)) {
            known.close(CloseMode.IMMEDIATE);
        }
    }

    /** No ping is sent on a full connection: it gets no exchange, and HttpCore would hold the ping back. */
    private boolean isDead(IOSession known, long now) {
        if (slots.isFull()) {
            pulse.rest(now);
            return false;
        }
        return pulse.hasStopped(known, now);
    }

    private void begin(SharedStream stream) {
        var known = session;
        if (known != null) {
            new StreamQueue(known).add(stream);
        }
    }

    private static void fail(List<SharedStream> waiting, Exception cause) {
        for (var stream : waiting) {
            stream.failed(cause);
            stream.releaseResources();
        }
    }

    private static List<SharedExchange> handOn(List<SharedStream> waiting) {
        return waiting.stream()
                .filter(SharedStream::handOn)
                .map(stream -> stream.exchange)
                .toList();
    }

    /**
     * The streams that a connection's reactor thread has yet to begin, in the queue of its session. Once HttpCore 5.4.4 has
     * taken one from the queue, it cannot be stopped from sending its head. Thread-safe.
     */
    private record StreamQueue(IOSession session) {
        void add(SharedStream stream) {
            enqueue(new RequestExecutionCommand(stream, HttpCoreContext.create()));
        }

        boolean takeBack(SharedStream stream) {
            var others = new ArrayList<Command>();
            var command = session.poll();
            while (command != null && !begins(command, stream)) {
                others.add(command);
                command = session.poll();
            }
            others.forEach(this::enqueue);
            return command != null;
        }

        /**
         * A caller that cancels a stream while it is out of the queue cannot take it back, so the stream is checked once it
         * is there.
         */
        private void enqueue(Command command) {
            session.enqueue(command, Command.Priority.NORMAL);
            if (command instanceof RequestExecutionCommand begin
                    && begin.getExchangeHandler() instanceof SharedStream stream
                    && stream.isOver()
                    && takeBack(stream)) {
                stream.releaseResources();
            }
        }

        private static boolean begins(Command command, SharedStream stream) {
            return command instanceof RequestExecutionCommand begin && begin.getExchangeHandler() == stream;
        }
    }

    /**
     * The check that the other side of a connection is alive: after ten seconds of silence a ping is sent, and the other side
     * has ten more seconds to send anything (RFC 9113, section 6.7). Otherwise new exchanges would still be put on a connection
     * that lost its network. Silence is counted from look to look, a second at most: what came while this program was stopped
     * is still to be read. One thread at a time.
     */
    static final class Pulse {
        private static final long SILENCE_NANOS = 10_000_000_000L;
        private static final long LONGEST_NANOS = 1_000_000_000L;

        private long looked;
        private long silent;
        private long lastRead;
        private boolean asked;

        Pulse(long now) {
            looked = now;
        }

        void rest(long now) {
            looked = now;
            silent = 0;
            asked = false;
        }

        boolean hasStopped(IOSession session, long now) {
            silent += Math.min(now - looked, LONGEST_NANOS);
            looked = now;
            long read = session.getLastReadTime();
            if (read != lastRead) {
                lastRead = read;
                rest(now);
            } else if (!asked && silent > SILENCE_NANOS) {
                asked = true;
                session.enqueue(new PingCommand(new BasicPingHandler(received -> {})), Command.Priority.NORMAL);
            }
            return silent > 2 * SILENCE_NANOS;
        }
    }
}
