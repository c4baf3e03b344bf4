package dev.warder.exchange.up;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.time.Duration;
import java.util.Optional;

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

    public Timeouts {
        requirePositive(connect, "connect");
        firstByte.ifPresent(duration -> requirePositive(duration, "firstByte"));
        requirePositive(idle, "idle");
        requirePositive(clientRead, "clientRead");
        requirePositive(clientWrite, "clientWrite");
        requirePositive(drain, "drain");
    }

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

    public static void requirePositive(Duration duration, String component) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(component + " is out of range");
        }
    }
}
