package dev.warder.observe;

import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The numbers of the telemetry that clients send, each asked for when it is read, on any thread.
 *
 * @param received messages that were accepted, by kind; never falls
 * @param memory bytes that are granted to messages while they are read
 */
public record TelemetryNumbers(Map<String, LongSupplier> received, LongSupplier memory) {
    public TelemetryNumbers {
        received = Map.copyOf(received);
    }

    /**
     * The numbers of the relay.
     *
     * @param relayed messages that the collector has accepted; never falls
     * @param dropped messages that were dropped, by reason; never falls
     * @param queued messages that wait
     * @param bytes their size
     */
    public record Relay(
            LongSupplier relayed, Map<String, LongSupplier> dropped, LongSupplier queued, LongSupplier bytes) {
        public Relay {
            dropped = Map.copyOf(dropped);
        }

        void register(Instruments instruments) {
            var none = Tags.empty();
            instruments.counted(MetricName.TELEMETRY_RELAYED, none, relayed::getAsLong);
            dropped.forEach((reason, number) ->
                    instruments.counted(MetricName.TELEMETRY_DROPPED, Tags.of("reason", reason), number::getAsLong));
            instruments.gauge(MetricName.TELEMETRY_QUEUED, none, queued::getAsLong);
            instruments.gauge(MetricName.TELEMETRY_QUEUED_BYTES, none, bytes::getAsLong);
        }
    }

    void register(Instruments instruments) {
        received.forEach((signal, number) ->
                instruments.counted(MetricName.TELEMETRY_RECEIVED, Tags.of("signal", signal), number::getAsLong));
        instruments.gauge(MetricName.TELEMETRY_MEMORY, Tags.empty(), memory::getAsLong);
    }
}
