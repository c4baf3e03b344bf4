package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol's handler, which keeps errors from the reactor. A plain connection passes it the received bytes in one
 * large read, as TLS does by itself. HttpCore would read into the small buffers of the connection: one read for each of
 * them, and another to see that nothing is left. One reactor thread at a time.
 */
final class ReadingHandler implements IOEventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingHandler.class);

    private final IOEventHandler protocol;
    private final PausableSession connection;
    private final ReadEvents reads;

    ReadingHandler(IOEventHandler protocol, PausableSession connection, ReadEvents reads) {
        this.protocol = protocol;
        this.connection = connection;
        this.reads = reads;
    }

    @Override
    public void inputReady(IOSession session, ByteBuffer decrypted) throws IOException {
        guarded(() -> reads.<IOException>during(() -> {
            reads.from(session);
            // TLS that was added later calls this with its own session, below which the bytes are encrypted.
            if (decrypted == null && session == connection) {
                connection.readAhead(arrived -> protocol.inputReady(session, arrived));
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

    /** An error ends only this connection, and the exchanges on it. */
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
