package dev.warder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.otlp.OtlpSettings;
import dev.warder.otlp.Signal;
import dev.warder.otlp.TelemetryRelay;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Without a server: memory and the queue of the relay, where each is full. */
class ClientTelemetryTest {
    private static final int LARGE = ClientTelemetry.MOST_BYTES;

    private final ReportedCosts costs =
            new ReportedCosts(InstantSource.fixed(Instant.ofEpochSecond(1)), (client, usd) -> {});

    @Test
    void countsWhatJsonNeedsToBeRead() {
        var telemetry = new ClientTelemetry(1, costs, Optional.empty());
        byte[] json = Exports.bytes("{\"a\":\"" + "x".repeat(LARGE - 8) + "\"}");
        var first = telemetry.room("ci", LARGE).orElseThrow();
        var second = telemetry.room("ci", LARGE).orElseThrow();
        var refused = telemetry.accept(request(OtlpFormat.JSON), json, second);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfter()).isPositive();
        assertThat(telemetry
                        .accept(request(OtlpFormat.PROTOBUF), new byte[0], second)
                        .status())
                .isEqualTo(200);
        first.release();
        assertThat(telemetry.accept(request(OtlpFormat.JSON), json, second).status())
                .isEqualTo(200);
        assertThat(telemetry.memory()).isGreaterThanOrEqualTo(7L * LARGE);
        second.release();
        assertThat(telemetry.memory()).isZero();
    }

    @Test
    void refusesWhatTheRelayHasNoRoomForAndCountsItLater() {
        var settings =
                new OtlpSettings(URI.create("http://127.0.0.1:1"), Optional.empty(), false, Set.of(Signal.METRICS));
        try (var relay =
                new TelemetryRelay(settings, Thread::new, InstantSource.system(), System::nanoTime, new Random(1))) {
            var telemetry = new ClientTelemetry(1, costs, Optional.of(relay));
            int accepted = 0;
            TelemetryReply last;
            do {
                last = send(telemetry, accepted++);
            } while (last.status() == 200 && accepted < 2_000);
            assertThat(accepted).isEqualTo(251);
            assertThat(last.status()).isEqualTo(503);
            assertThat(last.retryAfter()).isPositive();
            assertThat(relay.dropped(TelemetryRelay.Drop.FULL)).isEqualTo(1);
            assertThat(telemetry.received(Signal.METRICS)).isEqualTo(250);
            assertThat(costs.usd("ci")).isEqualTo(250);
            assertThat(telemetry.memory()).isZero();
        }
    }

    private static TelemetryReply send(ClientTelemetry telemetry, int number) {
        byte[] message = Exports.bytes(Exports.delta("s1", 1, 10L * number, 10L * number + 10));
        var room = telemetry.room("ci", message.length).orElseThrow();
        try {
            return telemetry.accept(request(OtlpFormat.PROTOBUF), message, room);
        } finally {
            room.release();
        }
    }

    private static TelemetryRequest request(OtlpFormat format) {
        return new TelemetryRequest(Signal.METRICS, format, false, "ci");
    }
}
