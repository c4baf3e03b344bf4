package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * The protocol's handler, to which a plain connection hands what has arrived in one large read, as TLS does by itself.
 * HttpCore would read into the small buffers of the connection, once more for each of them, and once more to see that
 * there is nothing left. One reactor thread at a time.
 */
final class ReadingHandler implements IOEventHandler {
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
        reads.<IOException>during(() -> {
            // TLS that was put on later calls this with a session of its own, below which the bytes are encrypted.
            if (decrypted == null && session == connection) {
                connection.readAhead(arrived -> protocol.inputReady(session, arrived));
            } else {
                protocol.inputReady(session, decrypted);
            }
        });
    }

    @Override
    public void connected(IOSession session) throws IOException {
        protocol.connected(session);
    }

    @Override
    public void outputReady(IOSession session) throws IOException {
        protocol.outputReady(session);
    }

    @Override
    public void timeout(IOSession session, Timeout timeout) throws IOException {
        protocol.timeout(session, timeout);
    }

    @Override
    public void exception(IOSession session, Exception cause) {
        protocol.exception(session, cause);
    }

    @Override
    public void disconnected(IOSession session) {
        protocol.disconnected(session);
    }
}
