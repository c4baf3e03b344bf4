package dev.warder.upstream;

import dev.warder.upstream.h2.StreamExchange.ExchangeFaultException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that reads nothing while reading is suspended. HttpCore suspends reading when the consumer's
 * window is spent. From a plain socket, however, it continues to read a chunked body as long as there are bytes. That
 * had queued tens of mebibytes for a client that did not read. The end of a truncated session is a failure. So are
 * bytes that follow the last response: HttpCore 5.4.4 would read them as the beginning of the next one. Everything else
 * is delegated to the session.
 */
final class PausableSession implements IOSession {
    private final IOSession session;
    private final ReadEvents reads;
    private final Predicate<IOSession> truncated;

    /** The rest of what one read returned; null outside such a read. */
    private @Nullable ByteBuffer arrived;

    private int due;
    private boolean idle;

    PausableSession(IOSession session, ReadEvents reads, Predicate<IOSession> truncated) {
        this.session = session;
        this.reads = reads;
        this.truncated = truncated;
    }

    /**
     * Reads once, as much as there is and the thread's buffer holds. Runs {@code next}, whose reads take from that buffer, until
     * it is empty or the session is closed.
     */
    void readAhead(ReadEvents.Reading<IOException> next) throws IOException {
        var buffer = reads.buffer();
        if (!isReadSuspended() && session.read(buffer) > 0) {
            arrived = buffer.flip();
        }
        try {
            int before;
            do {
                before = buffer.remaining();
                next.run();
            } while (arrived != null && buffer.hasRemaining() && buffer.remaining() < before);
            if (arrived != null && buffer.hasRemaining() && session.isOpen()) {
                // Without them, the body would have a gap that nobody sees.
                session.close(CloseMode.IMMEDIATE);
                throw new ConnectionClosedException("Bytes that nothing took");
            }
        } finally {
            arrived = null;
        }
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        var first = arrived;
        int n = first != null ? move(first, buffer) : isReadSuspended() ? 0 : session.read(buffer);
        if (n < 0 && truncated.test(session)) {
            throw new ConnectionClosedException("TLS ended without close_notify");
        }
        // HttpCore reads into a buffer that already holds the bytes received before.
        if (idle && buffer.position() > 0) {
            session.close(CloseMode.IMMEDIATE);
            throw new ConnectionClosedException("Bytes that belong to no response");
        }
        return n;
    }

    private static int move(ByteBuffer from, ByteBuffer to) {
        int n = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), n);
        from.position(from.position() + n);
        to.position(to.position() + n);
        return n;
    }

    /**
     * Notes, on the reactor thread, the end of a response; bytes that arrive before the next request belong to no
     * response.
     */
    void responseEnded() {
        due = Math.max(0, due - 1);
        idle = due == 0;
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        return session.write(buffer);
    }

    @Override
    public ByteChannel channel() {
        return this;
    }

    @Override
    public IOEventHandler getHandler() {
        return session.getHandler();
    }

    @Override
    public void upgrade(IOEventHandler handler) {
        session.upgrade(new ReadingHandler(handler, this, reads));
    }

    @Override
    public Lock getLock() {
        return session.getLock();
    }

    @Override
    public void enqueue(Command command, Command.Priority priority) {
        session.enqueue(command, priority);
    }

    @Override
    public boolean hasCommands() {
        return session.hasCommands();
    }

    @Override
    public Command poll() {
        var command = session.poll();
        if (command instanceof RequestExecutionCommand) {
            due++;
            idle = false;
        }
        return command;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return session.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return session.getLocalAddress();
    }

    @Override
    public int getEventMask() {
        return session.getEventMask();
    }

    @Override
    public void setEventMask(int mask) {
        whileOpen(() -> session.setEventMask(mask));
    }

    /**
     * Leaves an interest that exists already, because the session would wake its selector up for nothing. It checks
     * under the lock, because HttpCore withdraws its interest under the same lock once no output is requested. A
     * request between the two would find an interest that is about to be withdrawn.
     */
    @Override
    public void setEvent(int event) {
        var lock = session.getLock();
        lock.lock();
        try {
            whileOpen(() -> {
                if (!reports(event)) {
                    session.setEvent(event);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clearEvent(int event) {
        whileOpen(() -> {
            if ((session.getEventMask() & event) != 0) {
                session.clearEvent(event);
            }
        });
    }

    private boolean isReadSuspended() {
        return !reports(SelectionKey.OP_READ);
    }

    private boolean reports(int event) {
        return (session.getEventMask() & event) == event;
    }

    /**
     * Any thread may request events, and the reactor may close the session meanwhile: the key of a closed session
     * throws. A late caller needs no exception, because HttpCore reports the end of the session to each exchange on it.
     */
    private static void whileOpen(Runnable change) {
        try {
            change.run();
        } catch (CancelledKeyException closed) {
            // The change has no effect, and needs none.
        }
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public void close(CloseMode mode) {
        session.close(mode);
    }

    @Override
    public Status getStatus() {
        return session.getStatus();
    }

    @Override
    public Timeout getSocketTimeout() {
        return session.getSocketTimeout();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        session.setSocketTimeout(timeout);
    }

    @Override
    public long getLastReadTime() {
        return session.getLastReadTime();
    }

    @Override
    public long getLastWriteTime() {
        return session.getLastWriteTime();
    }

    @Override
    public long getLastEventTime() {
        return session.getLastEventTime();
    }

    @Override
    public void updateReadTime() {
        session.updateReadTime();
    }

    @Override
    public void updateWriteTime() {
        session.updateWriteTime();
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public String toString() {
        return session.toString();
    }

    /**
     * The protocol's handler, which keeps errors from the reactor. A plain connection passes it the received bytes in one
     * large read, as TLS does by itself. HttpCore would read into the small buffers of the connection: one read for each of
     * them, and another to see that nothing is left. One reactor thread at a time.
     */
    private record ReadingHandler(IOEventHandler protocol, PausableSession connection, ReadEvents reads)
            implements IOEventHandler {
        private static final Logger LOG = LoggerFactory.getLogger(PausableSession.class);

        @Override
        public void inputReady(IOSession session, ByteBuffer decrypted) throws IOException {
            guarded(() -> reads.<IOException>during(() -> {
                reads.from(session);
                // TLS that was added later calls this with its own session, below which the bytes are encrypted.
                if (decrypted == null && session == connection) {
                    connection.readAhead(() -> protocol.inputReady(session, null));
                } else {
                    protocol.inputReady(session, decrypted);
                }
            }));
        }

        @Override
        public void connected(IOSession session) throws IOException {
            guarded(() -> protocol.connected(session));
        }

        @Override
        public void outputReady(IOSession session) throws IOException {
            guarded(() -> protocol.outputReady(session));
        }

        @Override
        public void timeout(IOSession session, Timeout timeout) throws IOException {
            guarded(() -> protocol.timeout(session, timeout));
        }

        @Override
        public void exception(IOSession session, Exception cause) {
            silently(() -> protocol.exception(session, cause));
        }

        @Override
        public void disconnected(IOSession session) {
            silently(() -> protocol.disconnected(session));
        }

        private static void guarded(ReadEvents.Reading<IOException> event) throws IOException {
            try {
                event.run();
            } catch (Error fault) {
                LOG.error("A fault ended a connection to the upstream", fault);
                throw new ExchangeFaultException(fault);
            }
        }

        private static void silently(Runnable event) {
            try {
                event.run();
            } catch (Error fault) {
                LOG.error("A fault at the end of a connection to the upstream", fault);
            }
        }
    }
}
