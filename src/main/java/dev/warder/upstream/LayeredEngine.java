package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.upstream.Outbound.ProxyException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of a tunnel's engine over TLS to the proxy: TLS in TLS, which HttpCore 5.4.4 does not do ("TLS already
 * activated"). Both buffers stay as long as the connection, some 50 KiB. Thread-safe.
 */
final class LayeredEngine extends DelegatingEngine {
    /** Content of the target's records, so that each fits into one record to the proxy. */
    private static final int MOST_CONTENT = 15 * 1024;

    private final TunnelEngine tunnel;
    private final SSLEngine proxy;

    /** Bytes that the target's engine has made and the proxy's has not yet taken; to be read. */
    @GuardedBy("this")
    private final ByteBuffer outgoing;

    /** Bytes that came from the proxy and the target's engine has not yet taken; to be read. */
    @GuardedBy("this")
    private final ByteBuffer incoming;

    @GuardedBy("this")
    private boolean begun;

    @GuardedBy("this")
    private boolean established;

    /** Whether the proxy has shown who it is, before it gets the request and a login. */
    @GuardedBy("this")
    private boolean identified;

    /** @param proxy for TLS to the proxy, in the mode of a client and with all its parameters */
    LayeredEngine(TunnelEngine target, SSLEngine proxy) {
        super(target);
        this.tunnel = target;
        this.proxy = proxy;
        int record = proxy.getSession().getPacketBufferSize();
        outgoing = ByteBuffer.allocate(record).limit(0);
        incoming = ByteBuffer.allocate(2 * record).limit(0);
    }

    @Override
    public synchronized void beginHandshake() throws SSLException {
        begun = true;
        proxy.beginHandshake();
    }

    /** At first, one that asks for room for the content of two records, which one read from the proxy can complete. */
    @Override
    public synchronized SSLSession getSession() {
        var session = target.getSession();
        if (begun) {
            return session;
        }
        return (SSLSession) Proxy.newProxyInstance(
                SSLSession.class.getClassLoader(),
                new Class<?>[] {SSLSession.class},
                (self, method, arguments) -> method.getName().equals("getApplicationBufferSize")
                        ? 2 * session.getApplicationBufferSize()
                        : method.invoke(session, arguments));
    }

    private boolean isSecured() {
        return proxy.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    @Override
    public synchronized HandshakeStatus getHandshakeStatus() {
        if (!isSecured()) {
            return proxy.getHandshakeStatus();
        }
        return outgoing.hasRemaining() ? HandshakeStatus.NEED_WRAP : target.getHandshakeStatus();
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        var task = proxy.getDelegatedTask();
        return task == null ? target.getDelegatedTask() : task;
    }

    @Override
    public synchronized boolean isOutboundDone() {
        return proxy.isOutboundDone() || target.isOutboundDone() && !outgoing.hasRemaining();
    }

    @Override
    public synchronized SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer into)
            throws SSLException {
        if (into.remaining() < proxy.getSession().getPacketBufferSize()) {
            return new SSLEngineResult(Status.BUFFER_OVERFLOW, getHandshakeStatus(), 0, 0);
        }
        if (!isSecured() || outgoing.hasRemaining()) {
            int sent = send(into);
            return new SSLEngineResult(Status.OK, getHandshakeStatus(), 0, sent);
        }
        var made = wrapTarget(sources[offset]);
        int produced = outgoing.hasRemaining() ? send(into) : 0;
        return new SSLEngineResult(made.getStatus(), statusAfter(made), made.bytesConsumed(), produced);
    }

    /** FINISHED is in the result of one step alone, and comes again after each ticket for a later session. */
    @GuardedBy("this")
    private HandshakeStatus statusAfter(SSLEngineResult step) {
        boolean finishes = !established && step.getHandshakeStatus() == HandshakeStatus.FINISHED;
        established |= finishes;
        return finishes ? HandshakeStatus.FINISHED : getHandshakeStatus();
    }

    @GuardedBy("this")
    private SSLEngineResult wrapTarget(ByteBuffer source) throws SSLException {
        identified = identified || UpstreamTls.IDENTITY.verify(proxy.getPeerHost(), proxy.getSession());
        if (!identified) {
            throw new ProxyException("makes no secure connection", false);
        }
        int limit = source.limit();
        source.limit(Math.min(limit, source.position() + MOST_CONTENT));
        outgoing.clear();
        try {
            return target.wrap(source, outgoing);
        } finally {
            outgoing.flip();
            source.limit(limit);
        }
    }

    @GuardedBy("this")
    private int send(ByteBuffer into) throws ProxyException {
        SSLEngineResult sent;
        try {
            sent = proxy.wrap(outgoing, into);
        } catch (SSLException failed) {
            throw insecure(failed);
        }
        if (sent.getStatus() == Status.CLOSED && sent.bytesProduced() == 0) {
            // TLS 1.2 closes both directions; what is left would wait for ever, and its thread with it.
            outgoing.clear().limit(0);
            throw closed();
        }
        return sent.bytesProduced();
    }

    @GuardedBy("this")
    private SSLEngineResult receive(ByteBuffer source) throws SSLException {
        TunnelEngine.checkRecord(source);
        SSLEngineResult step;
        incoming.compact();
        try {
            step = proxy.unwrap(source, incoming);
        } catch (SSLException failed) {
            throw insecure(failed);
        } finally {
            incoming.flip();
        }
        if (step.getStatus() == Status.CLOSED && !target.isInboundDone()) {
            throw closed();
        }
        return step;
    }

    private ProxyException closed() {
        return tunnel.isOpen() ? new ProxyException("closed the secure connection", false) : Tunnel.closedEarly();
    }

    private static ProxyException insecure(SSLException cause) {
        var failure = new ProxyException("makes no secure connection", false);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public synchronized SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] into, int offset, int length)
            throws SSLException {
        int before = source.position();
        int produced = 0;
        while (true) {
            boolean secured = isSecured();
            var step = secured ? target.unwrap(incoming, into, offset, length) : receive(source);
            produced += secured ? step.bytesProduced() : 0;
            if (secured && step.getStatus() == Status.BUFFER_UNDERFLOW) {
                step = receive(source);
                secured = false;
            }
            int consumed = source.position() - before;
            boolean wasEstablished = established;
            var handshake = secured ? statusAfter(step) : getHandshakeStatus();
            // HttpCore does not call again for what is left here, unless more comes from the proxy.
            boolean goesOn = step.getStatus() == Status.OK
                    && step.bytesConsumed() > 0
                    && (wasEstablished || handshake == HandshakeStatus.NEED_UNWRAP);
            if (!goesOn) {
                boolean isEmpty = step.getStatus() == Status.BUFFER_UNDERFLOW && consumed + produced > 0;
                return new SSLEngineResult(isEmpty ? Status.OK : step.getStatus(), handshake, consumed, produced);
            }
        }
    }
}
