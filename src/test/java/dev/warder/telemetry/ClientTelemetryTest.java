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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a server: memory, and the queue of the relay where it is full. */
class ClientTelemetryTest {
    private static final int LARGE = ClientTelemetry.MOST_BYTES;

    private final ReportedCosts costs =
            new ReportedCosts(InstantSource.fixed(Instant.ofEpochSecond(1)), (client, usd) -> {});

    @Test
    void countsWhatJsonNeedsToBeRead() {
        var telemetry = new ClientTelemetry(1, costs, Optional.empty());
        byte[] json = Exports.bytes("{\"a\":\"" + "x".repeat(LARGE - 8) + "\"}");
        var first = telemetry.reserve("dev", LARGE).orElseThrow();
        var second = telemetry.reserve("ci", LARGE).orElseThrow();
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

    @ParameterizedTest
    @CsvSource({"1, 32", "256, 32", "800, 50", "16384, 64"})
    void usesASixteenthOfTheHeap(long heap, long limit) {
        var telemetry = new ClientTelemetry(heap << 20, costs, Optional.empty());
        assertThat(telemetry.memoryLimit()).isEqualTo(limit << 20);
        var half = telemetry.reserve("ci", (limit << 19) / ClientTelemetry.MEMORY_FACTOR);
        assertThat(half).isPresent();
        assertThat(telemetry.reserve("ci", 0)).isEmpty();
        assertThat(telemetry.reserve("dev", (limit << 19) / ClientTelemetry.MEMORY_FACTOR))
                .isPresent();
        assertThat(telemetry.reserve("other", 0)).isEmpty();
    }

    @Test
    void acceptsAndCountsWhatTheRelayHasNoRoomFor() {
        var settings =
                new OtlpSettings(URI.create("http://127.0.0.1:1"), Optional.empty(), false, Set.of(Signal.METRICS));
        try (var relay =
                new TelemetryRelay(settings, Thread::new, InstantSource.system(), System::nanoTime, new Random(1))) {
            var telemetry = new ClientTelemetry(1, costs, Optional.of(relay));
            for (int i = 0; i < 260; i++) {
                assertThat(send(telemetry, i).status()).isEqualTo(200);
            }
            assertThat(relay.waiting()).isEqualTo(250);
            assertThat(relay.dropped(TelemetryRelay.Drop.FULL)).isEqualTo(10);
            assertThat(telemetry.received(Signal.METRICS)).isEqualTo(260);
            assertThat(costs.usd("ci")).isEqualTo(260);
            assertThat(telemetry.memory()).isZero();
        }
    }

    private static TelemetryReply send(ClientTelemetry telemetry, int number) {
        byte[] message = Exports.bytes(Exports.delta("s1", 1, 10L * number, 10L * number + 10));
        var reservation = telemetry.reserve("ci", message.length).orElseThrow();
        try {
            return telemetry.accept(request(OtlpFormat.PROTOBUF), message, reservation);
        } finally {
            reservation.release();
        }
    }

    private static TelemetryRequest request(OtlpFormat format) {
        return new TelemetryRequest(Signal.METRICS, format, false, "ci");
    }
}
