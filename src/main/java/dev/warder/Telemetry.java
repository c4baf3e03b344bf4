package dev.warder;

import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialState;
import dev.warder.metrics.Metrics;
import dev.warder.metrics.ModelNames;
import dev.warder.otlp.GenAiMetrics;
import dev.warder.otlp.MetricsPush;
import dev.warder.record.RequestObserver;
import dev.warder.settings.GatewaySettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The metrics, and what sends them to the operator's collector. Thread-safe. */
final class Telemetry implements AutoCloseable {
    private static final long PUSH_MILLIS = 60_000;
    private static final long THREAD_END_MILLIS = 1000;

    private final NamedThreads threads = new NamedThreads("telemetry");
    private final PeriodicTasks tasks = new PeriodicTasks(threads);
    private final Metrics metrics;
    private final Optional<GenAiMetrics> genAi;
    private final Optional<MetricsPush> push;

    Telemetry(GatewaySettings settings, GatewayMXBean numbers, Supplier<List<CredentialState>> states) {
        var models = new ModelNames(settings.prices().book());
        metrics = new Metrics(settings.managed().names(), settings.metrics().clients(), models);
        metrics.observe(numbers, states, System::nanoTime);
        genAi = settings.otlp().map(otlp -> new GenAiMetrics(models, otlp.bothNames()));
        push = settings.otlp()
                .map(otlp -> new MetricsPush(
                        otlp,
                        List.of(metrics.registry(), genAi.orElseThrow().registry()),
                        UUID.randomUUID().toString(),
                        InstantSource.system(),
                        threads));
    }

    /** All metrics. */
    Metrics metrics() {
        return metrics;
    }

    /** They receive each completed request. */
    List<RequestObserver> observers() {
        var observers = new ArrayList<>(metrics.observers());
        genAi.ifPresent(observers::add);
        return observers;
    }

    /** Begins to send, if there is a collector. */
    void start() {
        push.ifPresent(each -> tasks.nowAndEvery(PUSH_MILLIS, each::push));
    }

    @Override
    public void close() {
        push.ifPresent(MetricsPush::close);
        tasks.close();
        metrics.close();
        genAi.ifPresent(GenAiMetrics::close);
        threads.awaitEnd(THREAD_END_MILLIS);
    }
}
