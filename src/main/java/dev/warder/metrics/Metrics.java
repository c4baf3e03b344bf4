package dev.warder.metrics;

import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialState;
import dev.warder.record.RequestObserver;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** All metrics of one application, in a registry of its own. Thread-safe. */
public final class Metrics implements AutoCloseable {
    /** The media type of {@link #scrape}. */
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final Instruments instruments;
    private final LabelValues values;
    private final RequestMetrics requests;

    /**
     * Creates the metrics of requests; {@link #observe} adds those of the node.
     *
     * @param credentials the names of the managed credentials
     * @param clients the names of the clients that have series of their own
     */
    public Metrics(Set<String> credentials, Set<String> clients) {
        this(credentials, clients, SeriesLimit.MOST);
    }

    Metrics(Set<String> credentials, Set<String> clients, int mostSeries) {
        // Micrometer's default would read settings from system properties.
        registry = new PrometheusMeterRegistry(key -> null, new PrometheusRegistry(), Clock.SYSTEM);
        values = new LabelValues(credentials, clients);
        instruments = new Instruments(registry, new SeriesLimit(mostSeries));
        requests = new RequestMetrics(values, instruments);
    }

    /** Receives each completed request. */
    public RequestObserver observer() {
        return requests;
    }

    /**
     * Adds the gauges of the node and of its managed credentials; to be called once.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public void observe(GatewayMXBean numbers, Supplier<List<CredentialState>> states, LongSupplier nanoTime) {
        NodeGauges.register(instruments, numbers, nanoTime);
        CredentialGauges.register(instruments, values, states, nanoTime);
    }

    /** The current values in the text format of Prometheus, version 0.0.4. */
    String scrape() {
        return registry.scrape(TEXT);
    }

    /** Releases all meters. */
    @Override
    public void close() {
        registry.close();
    }
}
