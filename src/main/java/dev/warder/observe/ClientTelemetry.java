package dev.warder.observe;

import static java.util.Objects.requireNonNull;

import dev.warder.http.SmallBodyMemory;
import dev.warder.observe.OtlpSettings.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Accepts the telemetry of clients, and passes it on if the operator wants that. Thread-safe. */
public final class ClientTelemetry {
    private static final long LEAST_MEMORY = 32L << 20;
    private static final long MOST_MEMORY = 64L << 20;
    private static final int HEAP_SHARE = 16;

    final SmallBodyMemory memory;

    private final Optional<TelemetryRelay> relay;
    private final Map<Signal, LongAdder> received = new EnumMap<>(Signal.class);

    /**
     * @param heap the largest size of the Java heap, in bytes; bodies use a sixteenth of it, at least 32 MiB and at most 64 MiB
     * @param relay passes messages on, if there is a collector
     */
    public ClientTelemetry(long heap, Optional<TelemetryRelay> relay) {
        this.memory = new SmallBodyMemory(Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, heap / HEAP_SHARE)));
        this.relay = relay;
        for (var signal : Signal.values()) {
            received.put(signal, new LongAdder());
        }
    }

    /** Messages of this kind that were accepted; never falls. */
    public long received(Signal signal) {
        return requireNonNull(received.get(signal)).sum();
    }

    /** Bytes of memory that bodies use now. */
    public long memory() {
        return memory.used();
    }

    /** The response does not depend on the collector: the relay counts what it cannot keep. */
    void accept(TelemetryRelay.Message message) {
        requireNonNull(received.get(message.signal())).increment();
        if (message.bytes().length > 0) {
            relay.filter(each -> each.takes(message.signal())).ifPresent(each -> each.offer(message));
        }
    }
}
