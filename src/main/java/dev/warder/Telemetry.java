package dev.warder;

import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialState;
import dev.warder.observe.ClientTelemetry;
import dev.warder.observe.GenAiMetrics;
import dev.warder.observe.Metrics;
import dev.warder.observe.MetricsPush;
import dev.warder.observe.ModelNames;
import dev.warder.observe.Signal;
import dev.warder.observe.TelemetryNumbers;
import dev.warder.observe.TelemetryRelay;
import dev.warder.record.RequestObserver;
import dev.warder.settings.GatewaySettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The metrics, the telemetry of clients, and what sends both to the operator's collector. Thread-safe. */
final class Telemetry implements AutoCloseable {
    private static final long PUSH_MILLIS = 60_000;
    private static final long THREAD_END_MILLIS = 1000;

    private final NamedThreads threads = new NamedThreads("telemetry");
    private final PeriodicTasks tasks = new PeriodicTasks(threads);
    private final Metrics metrics;
    private final Optional<GenAiMetrics> genAi;
    private final Optional<MetricsPush> push;
    private final Optional<TelemetryRelay> relay;
    private final ClientTelemetry clients;
    private final Shutdown shutdown = new Shutdown();

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
        relay = settings.otlp()
                .filter(otlp -> !otlp.relay().isEmpty())
                .map(otlp -> new TelemetryRelay(
                        otlp, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
        clients = new ClientTelemetry(Runtime.getRuntime().maxMemory(), relay);
        observeClients();
        push.ifPresent(each -> shutdown.then("the push of metrics", each::close));
        relay.ifPresent(each -> shutdown.then("the relay of telemetry", each::close));
        shutdown.then("tasks of telemetry", tasks::close).then("metrics", metrics::close);
        genAi.ifPresent(each -> shutdown.then("metrics of generative AI", each::close));
        shutdown.then("threads of telemetry", () -> threads.awaitEnd(THREAD_END_MILLIS));
    }

    private void observeClients() {
        var received = new HashMap<String, LongSupplier>();
        for (var signal : Signal.values()) {
            received.put(signal.word(), () -> clients.received(signal));
        }
        metrics.observe(new TelemetryNumbers(received, clients::memory));
        relay.ifPresent(sender -> {
            var dropped = new HashMap<String, LongSupplier>();
            for (var why : TelemetryRelay.Drop.values()) {
                dropped.put(why.word(), () -> sender.dropped(why));
            }
            metrics.observe(
                    new TelemetryNumbers.Relay(sender::relayed, dropped, sender::waiting, sender::waitingBytes));
        });
    }

    ClientTelemetry clients() {
        return clients;
    }

    Metrics metrics() {
        return metrics;
    }

    List<RequestObserver> observers() {
        var observers = new ArrayList<>(metrics.observers());
        genAi.ifPresent(observers::add);
        return observers;
    }

    void start() {
        push.ifPresent(each -> tasks.nowAndEvery(PUSH_MILLIS, each::push));
        relay.ifPresent(TelemetryRelay::start);
    }

    @Override
    public void close() {
        shutdown.run();
    }
}
