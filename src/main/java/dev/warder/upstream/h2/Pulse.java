package dev.warder.upstream.h2;

import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.http2.nio.support.BasicPingHandler;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;

/**
 * The check that the other side of a connection is alive: after ten seconds of silence a ping is sent, and the other side
 * has ten more seconds to send anything (RFC 9113, section 6.7). Otherwise new exchanges would still be put on a connection
 * that lost its network. Silence is counted from look to look, a second at most: what came while this program was stopped
 * is still to be read. One thread at a time.
 */
final class Pulse {
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
