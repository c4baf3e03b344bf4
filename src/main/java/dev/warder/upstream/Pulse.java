package dev.warder.upstream;

import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.http2.nio.support.BasicPingHandler;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;

/**
 * Whether the other side of a connection lives: after ten seconds of silence it is sent a ping, and has ten more to send
 * anything (RFC 9113, section 6.7). Else new calls would go on being put on a connection that lost its network. One
 * thread at a time.
 */
final class Pulse {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private long heard;
    private long lastRead;
    private boolean asked;

    Pulse(long now) {
        heard = now;
    }

    /** The connection needs no watching now. */
    void rest(long now) {
        heard = now;
        asked = false;
    }

    /** Asks when it is time to, and answers whether no answer came in time. */
    boolean hasStopped(IOSession session, long now) {
        long read = session.getLastReadTime();
        if (read != lastRead) {
            lastRead = read;
            rest(now);
        } else if (!asked && now - heard > PATIENCE_NANOS) {
            asked = true;
            session.enqueue(new PingCommand(new BasicPingHandler(answered -> {})), Command.Priority.NORMAL);
        }
        return now - heard > 2 * PATIENCE_NANOS;
    }
}
