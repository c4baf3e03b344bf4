package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a server: memory, and the queue of the relay where it is full. */
class ClientTelemetryTest {
    @ParameterizedTest
    @CsvSource({"1, 32", "256, 32", "800, 50", "16384, 64"})
    void usesASixteenthOfTheHeap(long heap, long limit) {
        var telemetry = new ClientTelemetry(heap << 20, Optional.empty());
        assertThat(telemetry.memory.take("ci", limit << 19)).isPresent();
        assertThat(telemetry.memory.take("ci", 1)).isEmpty();
        assertThat(telemetry.memory.take("dev", limit << 19)).isPresent();
        assertThat(telemetry.memory.take("other", 1)).isEmpty();
        assertThat(telemetry.memory()).isEqualTo(limit << 20);
    }

    @Test
    void acceptsAndCountsWhatTheRelayHasNoRoomFor() {
        var settings =
                new OtlpSettings(URI.create("http://127.0.0.1:1"), Optional.empty(), false, Set.of(Signal.METRICS));
        try (var relay =
                new TelemetryRelay(settings, Thread::new, InstantSource.system(), System::nanoTime, new Random(1))) {
            var telemetry = new ClientTelemetry(1, Optional.of(relay));
            for (int i = 0; i < 260; i++) {
                telemetry.accept(
                        new RelayMessage(Signal.METRICS, "ci", "application/json", Optional.empty(), new byte[2]));
            }
            assertThat(relay.waiting()).isEqualTo(250);
            assertThat(relay.dropped(TelemetryRelay.Drop.FULL)).isEqualTo(10);
            assertThat(telemetry.received(Signal.METRICS)).isEqualTo(260);
        }
    }
}
