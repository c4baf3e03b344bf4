package dev.warder.observe;

import dev.warder.observe.OtlpSettings.Signal;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.ServiceClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends all meters to the collector, each time that {@link #push} is called. The log has one line when sending begins to fail,
 * and one when it succeeds again. One thread at a time, which waits for the collector; {@link #close} from any thread.
 */
public final class MetricsPush implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPush.class);

    private final OtlpSettings settings;
    private final List<MeterRegistry> registries;
    private final InstantSource clock;
    private final MetricsMessage message;
    private final ServiceClient collector;
    private String failure = "";

    /**
     * Counters begin now.
     *
     * @param registries whose meters are sent; names in different ones must differ
     * @param instance distinguishes this start of the application from all others
     * @param outbound the way to the collector
     * @param threads makes the threads of the HTTP client
     */
    public MetricsPush(
            OtlpSettings settings,
            List<MeterRegistry> registries,
            String instance,
            InstantSource clock,
            Outbound outbound,
            ThreadFactory threads) {
        this.settings = settings;
        this.registries = List.copyOf(registries);
        this.clock = clock;
        this.message =
                new MetricsMessage(Map.of("service.name", "warder", "service.instance.id", instance), clock.instant());
        this.collector = new ServiceClient(outbound, threads, TelemetryRelay.LIMIT, ServiceClient.SHORT);
    }

    /** Sends the current values and waits for the response, up to 10 s. */
    public void push() {
        byte[] content = message.of(registries, clock.instant());
        var outcome =
                collector.send(settings.signal(Signal.METRICS), settings.fields(), "application/x-protobuf", content);
        String found = TelemetryRelay.failure(outcome);
        // A minute lies between two messages: a kept connection would be dead.
        collector.release();
        if (!found.isEmpty() && failure.isEmpty()) {
            LOG.warn("otlp.url: the collector {}; metrics are sent again every minute", found);
        } else if (found.isEmpty() && !failure.isEmpty()) {
            LOG.info("otlp.url: the collector responds again");
        }
        failure = found;
    }

    @Override
    public void close() {
        collector.close();
    }
}
