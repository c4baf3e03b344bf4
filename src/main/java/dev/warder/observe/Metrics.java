package dev.warder.observe;

import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialState;
import dev.warder.http.RequestHints;
import dev.warder.observe.Instruments.Family;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.RequestObserver;
import dev.warder.usage.PriceBook;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageRow;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All metrics of one application, in a registry of its own. Thread-safe. */
public final class Metrics implements RequestObserver, AutoCloseable {
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private static final double NANOS = 1e9;

    /** From a small response to the longest that clients wait for. */
    private static final List<Duration> TIMES = Stream.of(
                    100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000)
            .map(Duration::ofMillis)
            .toList();

    private static final List<Duration> SHORT_TIMES = LongStream.of(
                    500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000)
            .mapToObj(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)))
            .toList();

    /** The kinds of tokens. Thinking is a part of the output, so that it has no series of its own. */
    private static final Map<UsageCounts.Kind, String> KINDS = new TreeMap<>(Map.of(
            UsageCounts.Kind.INPUT, "input",
            UsageCounts.Kind.CACHE_WRITE_5M, "cache-write-5m",
            UsageCounts.Kind.CACHE_WRITE_1H, "cache-write-1h",
            UsageCounts.Kind.CACHE_READ, "cache-read",
            UsageCounts.Kind.OUTPUT, "output"));

    private final PrometheusMeterRegistry registry;
    private final Instruments instruments;
    private final LabelValues values;
    private final ModelNames models;
    private final Family<Counter> requests;
    private final Family<Counter> clientRequests;
    private final Family<Counter> tries;
    private final Family<Timer> duration;
    private final Family<Timer> timeToFirstByte;
    private final Family<Timer> addedLatency;
    private final Family<Counter> tokens;
    private final Family<Counter> searches;
    private final Family<Counter> cost;
    private final Family<Counter> clientTokens;
    private final Family<Counter> clientCost;
    private volatile @Nullable MeterBeans beans;

    /**
     * Creates the metrics of requests; {@link #observe} adds those of the node.
     *
     * @param credentials the names of the managed credentials
     * @param clients the names of the clients that have series of their own
     * @param models the names of models
     */
    public Metrics(Set<String> credentials, Set<String> clients, ModelNames models) {
        this(credentials, clients, models, Instruments.MOST_SERIES);
    }

    Metrics(Set<String> credentials, Set<String> clients, ModelNames models, int mostSeries) {
        // Without the default registry, which lasts as long as its class, and without settings from system properties.
        registry = new PrometheusMeterRegistry(key -> null, new PrometheusRegistry(), Clock.SYSTEM);
        values = new LabelValues(credentials, clients);
        instruments = new Instruments(registry, mostSeries);
        this.models = models;
        requests = instruments.counters(MetricName.REQUESTS);
        clientRequests = instruments.counters(MetricName.CLIENT_REQUESTS);
        tries = instruments.counters(MetricName.UPSTREAM_TRIES);
        duration = instruments.histograms(MetricName.REQUEST_DURATION, TIMES);
        timeToFirstByte = instruments.histograms(MetricName.TIME_TO_FIRST_BYTE, TIMES);
        addedLatency = instruments.histograms(MetricName.ADDED_LATENCY, SHORT_TIMES);
        tokens = instruments.counters(MetricName.TOKENS);
        searches = instruments.counters(MetricName.WEB_SEARCHES);
        cost = instruments.counters(MetricName.COST);
        clientTokens = instruments.counters(MetricName.CLIENT_TOKENS);
        clientCost = instruments.counters(MetricName.CLIENT_COST);
    }

    public MeterRegistry registry() {
        return registry;
    }

    /**
     * Adds the gauges of the node and of its managed credentials; to be called once.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public void observe(GatewayMXBean numbers, Supplier<List<CredentialState>> states, LongSupplier nanoTime) {
        long started = nanoTime.getAsLong();
        observe(MetricName.EXCHANGES_OPEN, numbers::getOpenExchanges);
        observe(MetricName.EXCHANGES_LIMIT, numbers::getOpenExchangesLimit);
        observe(MetricName.UPSTREAM_CONNECTIONS, "leased", numbers::getUpstreamConnectionsLeased);
        observe(MetricName.UPSTREAM_CONNECTIONS, "idle", numbers::getUpstreamConnectionsIdle);
        observe(MetricName.MEMORY_USED, numbers::getCollectedBytes);
        observe(MetricName.MEMORY_LIMIT, numbers::getCollectedBytesLimit);
        observe(MetricName.MEMORY_WAITING, numbers::getRequestsWaitingForMemory);
        observe(MetricName.CLIENT_QUEUE_MAX, numbers::getLongestQueue);
        observe(MetricName.CLIENT_THREADS, numbers::getClientThreads);
        observe(MetricName.CLIENT_THREADS_LIMIT, numbers::getClientThreadsLimit);
        observe(MetricName.DRAINING, () -> numbers.isDraining() ? 1 : 0);
        observe(MetricName.UPTIME, () -> (nanoTime.getAsLong() - started) / NANOS);
        observe(MetricName.REQUESTS_BEGUN, numbers::getRequestsBegun);
        observe(MetricName.CONFIGURATION_RELOADS, "ok", numbers::getConfigurationReloads);
        observe(MetricName.CONFIGURATION_RELOADS, "refused", numbers::getConfigurationReloadsRefused);
        for (String name : values.managed().stream().sorted().toList()) {
            observe(MetricName.CREDENTIAL_USABLE, name, () -> read(states, name, each -> each.usable() ? 1 : 0));
            observe(
                    MetricName.CREDENTIAL_BREAKER_OPEN,
                    name,
                    () -> read(states, name, each -> each.breakerOpen() ? 1 : 0));
            observe(
                    MetricName.CREDENTIAL_HELD_MODELS,
                    name,
                    () -> read(states, name, each -> each.heldModels().size()));
        }
    }

    private static double read(
            Supplier<List<CredentialState>> states, String name, ToDoubleFunction<CredentialState> number) {
        for (var state : states.get()) {
            if (state.name().equals(name)) {
                return number.applyAsDouble(state);
            }
        }
        return Double.NaN;
    }

    /**
     * Adds a number of a part of the node; to be called once for each.
     *
     * @param value asked for when the metric is read, on any thread; that of a counter never falls
     */
    public Metrics observe(MetricName name, DoubleSupplier value) {
        return observe(name, Tags.empty(), value);
    }

    /** Adds one of the numbers of a metric with one label. */
    public Metrics observe(MetricName name, String label, DoubleSupplier value) {
        return observe(name, Tags.of(name.labels().get(0), label), value);
    }

    private Metrics observe(MetricName name, Tags tags, DoubleSupplier value) {
        if (name.kind() == MetricName.Kind.COUNTER) {
            instruments.counted(name, tags, value);
        } else {
            instruments.gauge(name, tags, value);
        }
        return this;
    }

    /** Counts a request and its tries, their tokens and their cost. Never waits for anything. */
    @Override
    public void completed(CompletedRequest request) {
        // First: a fault in what follows must not lose it.
        for (var row : request.usage()) {
            count(row);
            if (!values.clients().isEmpty()) {
                countClient(row, values.client(request.client()));
            }
        }
        String route = LabelValues.word(request.call().route());
        String end = request.end().word();
        // Of requests that run a model only: others would multiply the series.
        var hints = request.call().runsModel() ? request.conversation().hints() : RequestHints.NONE;
        requests.with(
                        route,
                        LabelValues.word(request.call().dialect()),
                        LabelValues.status(request.status()),
                        end,
                        LabelValues.requestClass(hints))
                .increment();
        if (!values.clients().isEmpty()) {
            clientRequests.with(values.client(request.client()), end).increment();
        }
        if (!request.tries().isEmpty()) {
            duration.with(route).record(request.time());
            request.timeToFirstByte()
                    .ifPresent(time -> timeToFirstByte.with(route).record(time));
            request.addedLatency().ifPresent(time -> addedLatency.with(route).record(time));
            request.tries().forEach(this::tried);
        }
    }

    private void tried(CompletedTry completed) {
        tries.with(
                        values.credential(completed.credential().name()),
                        LabelValues.word(completed.outcome()),
                        LabelValues.status(completed.status()))
                .increment();
    }

    private void count(UsageRow row) {
        String model = models.label(row.models().priced());
        var counts = row.consumption().counts();
        each(counts, (kind, count) -> tokens.with(model, kind).increment(count));
        if (counts.webSearches() > 0) {
            searches.with(model).increment((double) counts.webSearches());
        }
        cost.with(
                        model,
                        values.credential(row.upstream().credential()),
                        LabelValues.requestClass(row.caller().hints()))
                .increment(row.cost().nanos() / NANOS);
    }

    private void countClient(UsageRow row, String client) {
        each(
                row.consumption().counts(),
                (kind, count) -> clientTokens.with(client, kind).increment(count));
        clientCost.with(client).increment(row.cost().nanos() / NANOS);
    }

    private static void each(UsageCounts counts, ObjDoubleConsumer<String> counter) {
        KINDS.forEach((kind, word) -> {
            long count = counts.count(kind);
            if (count > 0) {
                counter.accept(word, (double) count);
            }
        });
    }

    /**
     * Shows the gateway and all meters as MBeans until {@link #close}; to be called once.
     *
     * @param contextPath empty at the root
     */
    public void showAsBeans(GatewayMXBean gateway, String contextPath) {
        beans = MeterBeans.register(gateway, contextPath, registry);
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

    /**
     * The names of models that labels can have: those of the price book, without the dates of versions. All others are {@link
     * LabelValues#OTHER}. Thread-safe, as the supplier is.
     */
    public record ModelNames(Supplier<PriceBook> books) {
        public String label(Optional<String> model) {
            return model.map(name -> books.get().nameFor(name).orElse(LabelValues.OTHER))
                    .orElse(LabelValues.NONE);
        }
    }
}
