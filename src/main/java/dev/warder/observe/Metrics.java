package dev.warder.observe;

import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialState;
import dev.warder.record.RequestObserver;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All metrics of one application, in a registry of its own. Thread-safe. */
public final class Metrics implements AutoCloseable {
    /** The media type of {@link #scrape}. */
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final Instruments instruments;
    private final LabelValues values;
    private final List<RequestObserver> observers;
    private volatile @Nullable MeterBeans beans;

    /**
     * Creates the metrics of requests; {@link #observe} adds those of the node.
     *
     * @param credentials the names of the managed credentials
     * @param clients the names of the clients that have series of their own
     * @param models the names of models
     */
    public Metrics(Set<String> credentials, Set<String> clients, ModelNames models) {
        this(credentials, clients, models, SeriesLimit.MOST);
    }

    Metrics(Set<String> credentials, Set<String> clients, ModelNames models, int mostSeries) {
        // Without the default registry, which lasts as long as its class, and without settings from system properties.
        registry = new PrometheusMeterRegistry(key -> null, new PrometheusRegistry(), Clock.SYSTEM);
        values = new LabelValues(credentials, clients);
        instruments = new Instruments(registry, new SeriesLimit(mostSeries));
        observers = List.of(new RequestMetrics(values, instruments), new UsageMetrics(values, models, instruments));
    }

    /** They receive each completed request. */
    public List<RequestObserver> observers() {
        return observers;
    }

    /** The registry, to read all meters from. */
    public MeterRegistry registry() {
        return registry;
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

    /** Adds the version of the policy, which is asked for when it is read; to be called once, and only with a policy. */
    public void observePolicy(LongSupplier version) {
        instruments.gauge(MetricName.POLICY_VERSION, Tags.empty(), version::getAsLong);
    }

    /** Adds the numbers of the ledger; to be called once. */
    public void observe(LedgerNumbers ledger) {
        ledger.register(instruments);
    }

    /** Adds the numbers of the budgets; to be called once. */
    public void observe(BudgetNumbers budgets) {
        budgets.register(instruments);
    }

    /** Adds the numbers of reconciliation; to be called once. */
    public void observe(ReconciliationNumbers numbers) {
        numbers.register(instruments);
    }

    /** Adds the numbers of the rate limits; to be called once. */
    public void observe(RateLimitNumbers limits) {
        limits.register(instruments);
    }

    /** Adds the numbers of the webhook of budgets; to be called once, and only with a webhook. */
    public void observe(WebhookNumbers webhook) {
        webhook.register(instruments);
    }

    /** Adds the numbers of the telemetry that clients send; to be called once. */
    public void observe(TelemetryNumbers telemetry) {
        telemetry.register(instruments);
    }

    /** Adds the numbers of its relay; to be called once. */
    public void observe(TelemetryNumbers.Relay relay) {
        relay.register(instruments);
    }

    /**
     * Shows all meters as MBeans until {@link #close}; to be called once.
     *
     * @param application the key properties of the application's MBean
     */
    public void showAsBeans(String application) {
        beans = MeterBeans.register(registry, application);
    }

    /** The current values in the text format of Prometheus, version 0.0.4. */
    String scrape() {
        return registry.scrape(TEXT);
    }

    /** Releases all meters and removes the MBeans. Requests that end meanwhile are not counted. */
    @Override
    public void close() {
        // First, so that a request that ends meanwhile creates no meter.
        registry.close();
        var shown = beans;
        if (shown != null) {
            shown.close();
        }
    }
}
