package dev.warder.exchange.up;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.time.Duration;
import java.util.Optional;

/**
 * When an exchange has waited too long, and for whom. Times are nanoseconds of a clock that never goes back, and
 * goes on only while the program runs.
 *
 * <p>Written by the threads that bring news and read by the timer; each field is volatile and independent.
 */
public final class Deadlines {
    private final Timeouts timeouts;
    private volatile long firstByte;
    private volatile long upstreamMoved;
    private volatile long clientMoved;

    public Deadlines(Timeouts timeouts, long now) {
        this.timeouts = timeouts;
        this.firstByte = timeouts.firstByte(false).toNanos();
        this.upstreamMoved = now;
        this.clientMoved = now;
    }

    /** The caller asked for a stream: its first byte may be expected sooner. */
    void streaming() {
        firstByte = timeouts.firstByte(true).toNanos();
    }

    /** The upstream took or sent bytes, or it has become its turn. */
    public void upstreamMoved(long now) {
        upstreamMoved = now;
    }

    public long upstreamMoved() {
        return upstreamMoved;
    }

    public long clientMoved() {
        return clientMoved;
    }

    public void clientMoved(long now) {
        clientMoved = now;
    }

    public boolean firstByteOverdue(long now) {
        return now - upstreamMoved > firstByte;
    }

    public boolean upstreamIdle(long now) {
        return now - upstreamMoved > timeouts.idle().toNanos();
    }

    public boolean upstreamSilent(long now, Duration most) {
        return now - upstreamMoved > most.toNanos();
    }

    public boolean clientStalled(long now) {
        return now - clientMoved > timeouts.clientWrite().toNanos();
    }

    /**
     * How long Warder waits, each positive, settings {@code timeouts.*}. Immutable, so thread-safe.
     *
     * @param connect for a connection to the upstream
     * @param firstByte for the response head, when the operator set it
     * @param idle for the next bytes of a response
     * @param clientRead for a client to send bytes of its body
     * @param clientWrite for a client to accept bytes
     * @param drain for open exchanges to end while draining
     */
    public record Timeouts(
            Duration connect,
            Optional<Duration> firstByte,
            Duration idle,
            Duration clientRead,
            Duration clientWrite,
            Duration drain) {
        private static final Duration FIRST_BYTE_STREAMING = Duration.ofMinutes(2);
        private static final Duration FIRST_BYTE_WHOLE = Duration.ofMinutes(11);

        /** Takes the place of a duration that has a problem, until all problems are collected. */
        private static final Duration STAND_IN = Duration.ofSeconds(1);

        public static Timeouts read(SettingReader settings) {
            return new Timeouts(
                    settings.read(Setting.TIMEOUTS_CONNECT, STAND_IN, ValueSyntax::duration),
                    settings.find(Setting.TIMEOUTS_FIRST_BYTE, ValueSyntax::duration),
                    settings.read(Setting.TIMEOUTS_IDLE, STAND_IN, ValueSyntax::duration),
                    settings.read(Setting.TIMEOUTS_CLIENT_READ, STAND_IN, ValueSyntax::duration),
                    settings.read(Setting.TIMEOUTS_CLIENT_WRITE, STAND_IN, ValueSyntax::duration),
                    settings.read(Setting.TIMEOUTS_DRAIN, STAND_IN, ValueSyntax::duration));
        }

        /** How long to wait for the response head, by whether the request asks for a stream. */
        public Duration firstByte(boolean streaming) {
            return firstByte.orElse(streaming ? FIRST_BYTE_STREAMING : FIRST_BYTE_WHOLE);
        }
    }
}
