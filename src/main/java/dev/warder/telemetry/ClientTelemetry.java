package dev.warder.telemetry;

import dev.warder.body.GzipDecoder;
import dev.warder.body.GzipException;
import dev.warder.http.SmallBodyMemory;
import dev.warder.otlp.RelayMessage;
import dev.warder.otlp.Signal;
import dev.warder.otlp.TelemetryRelay;
import java.io.ByteArrayOutputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What is done with the telemetry that clients send: costs are read, and it is passed on if the operator wants that. Thread-safe. */
public final class ClientTelemetry {
    /** The longest body, coded or not. */
    static final int MOST_BYTES = 4 << 20;

    /** A body is collected in a buffer that doubles, and copied once. The same is true when it is decoded. */
    static final long MEMORY_FACTOR = 3;

    /** What the largest body needs while it is read: itself as it came, and decoded in the format that needs most. */
    private static final long MOST_FACTOR = 1 + 1 + OtlpFormat.MOST_READING_FACTOR;

    /** The least length that a body reserves, in bytes: a request without a body needs memory too. */
    static final int LEAST = 64 << 10;

    /** The largest body fits into any heap. */
    private static final long LEAST_MEMORY = MOST_FACTOR * MOST_BYTES;

    private static final long MOST_MEMORY = 64L << 20;
    private static final int HEAP_SHARE = 16;

    private final SmallBodyMemory memory;
    private final ReportedCosts costs;
    private final Optional<TelemetryRelay> relay;
    private final Map<Signal, AtomicLong> received = new EnumMap<>(Signal.class);

    /**
     * @param heap the largest size of the Java heap, in bytes; bodies use a sixteenth of it, at least 32 MiB and at most 64 MiB
     * @param relay passes messages on, if there is a collector
     */
    public ClientTelemetry(long heap, ReportedCosts costs, Optional<TelemetryRelay> relay) {
        this.memory = new SmallBodyMemory(Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, heap / HEAP_SHARE)));
        this.costs = costs;
        this.relay = relay;
        for (var signal : Signal.values()) {
            received.put(signal, new AtomicLong());
        }
    }

    /** The costs that clients report. */
    public ReportedCosts costs() {
        return costs;
    }

    /** Messages of this kind that were accepted; never falls. */
    public long received(Signal signal) {
        return count(signal).get();
    }

    /** Bytes of memory that bodies use now. */
    public long memory() {
        return memory.used();
    }

    /** The limit of {@link #memory}, in bytes. */
    long memoryLimit() {
        return memory.total();
    }

    /** Reserves memory for a body of this length; if it is negative, for the beginning of a body, which {@link TelemetryBody} extends. */
    Optional<SmallBodyMemory.Reservation> reserve(String client, long length) {
        return memory.take(client, MEMORY_FACTOR * Math.max(LEAST, length));
    }

    /** Takes a whole body. The result is the reply. */
    TelemetryReply accept(TelemetryRequest request, byte[] body, SmallBodyMemory.Reservation reservation) {
        List<CostPoint> points = List.of();
        if (request.signal() == Signal.METRICS) {
            try {
                var plain = plain(request, body, reservation);
                long reading = request.format().readingFactor()
                        * plain.map(bytes -> (long) bytes.length).orElse(0L);
                if (plain.isEmpty() || !reservation.growTo(body.length + plain.get().length + reading)) {
                    return request.full();
                }
                points = plain.get().length == 0 ? points : request.format().costs(plain.get());
            } catch (GzipException refused) {
                boolean large = refused.problem() == GzipException.Problem.TOO_LARGE;
                return large ? request.tooLarge() : request.unreadable();
            } catch (UnreadableException malformed) {
                return request.unreadable();
            }
        }
        // Neither costs nor the response depend on the collector: the relay counts what it cannot keep.
        costs.add(request.client(), points);
        count(request.signal()).incrementAndGet();
        if (body.length > 0) {
            relay.filter(each -> each.takes(request.signal())).ifPresent(each -> each.offer(message(request, body)));
        }
        return request.accepted();
    }

    private static RelayMessage message(TelemetryRequest request, byte[] body) {
        return new RelayMessage(
                request.signal(),
                request.client(),
                request.format().type(),
                request.gzip() ? Optional.of("gzip") : Optional.empty(),
                body);
    }

    /** The decoded body; empty if there is no memory for it. */
    private static Optional<byte[]> plain(
            TelemetryRequest request, byte[] body, SmallBodyMemory.Reservation reservation) throws GzipException {
        if (!request.gzip()) {
            return Optional.of(body);
        }
        long decoded = Math.min(MOST_BYTES, GzipDecoder.longest(body.length));
        return reservation.growTo(body.length + MEMORY_FACTOR * decoded)
                ? Optional.of(decoded(body))
                : Optional.empty();
    }

    private static byte[] decoded(byte[] coded) throws GzipException {
        var plain = new ByteArrayOutputStream();
        long most = Math.min(MOST_BYTES, GzipDecoder.longest(coded.length));
        try (var decoder = new GzipDecoder()) {
            decoder.feed(coded, 0, coded.length, (bytes, offset, count) -> {
                if (plain.size() + count > most) {
                    throw new GzipException(GzipException.Problem.TOO_LARGE);
                }
                plain.write(bytes, offset, count);
            });
            if (!decoder.isWhole()) {
                throw new GzipException(GzipException.Problem.BROKEN);
            }
        }
        return plain.toByteArray();
    }

    private AtomicLong count(Signal signal) {
        return Objects.requireNonNull(received.get(signal));
    }
}
