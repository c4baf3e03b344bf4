package dev.warder;

import dev.warder.admin.GatewayMBeanServer;
import dev.warder.admin.GatewayMXBean;
import dev.warder.credential.CredentialState;
import dev.warder.observe.ClientTelemetry;
import dev.warder.observe.GenAiMetrics;
import dev.warder.observe.Metrics;
import dev.warder.observe.MetricsPush;
import dev.warder.observe.ModelNames;
import dev.warder.observe.OtlpSettings;
import dev.warder.observe.Signal;
import dev.warder.observe.TelemetryNumbers;
import dev.warder.observe.TelemetryRelay;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The metrics, the telemetry of clients, and what sends both to the operator's collector. One thread at a time. */
final class Telemetry {
    private static final long PUSH_MILLIS = 60_000;

    private final Modules modules;
    private final Metrics metrics;
    private @Nullable GatewayMBeanServer beans;

    Telemetry(Wiring wiring) {
        modules = wiring.modules();
        var settings = wiring.settings();
        var models = new ModelNames(settings.prices().book());
        var collector = settings.otlp().map(otlp -> new Collector(otlp, models));
        metrics = new Metrics(settings.managed().names(), settings.metrics().clients(), models);
        var module = Module.named("metrics").stops(metrics::close).offers(Metrics.class, metrics);
        metrics.observers().forEach(module::observer);
        modules.add(module);
        var relay = collector.flatMap(each -> each.add(metrics));
        var clients = new ClientTelemetry(Runtime.getRuntime().maxMemory(), relay);
        var received = new HashMap<String, LongSupplier>();
        for (var signal : Signal.values()) {
            received.put(signal.word(), () -> clients.received(signal));
        }
        modules.add(Module.named("MBeans")
                .stops(this::closeBeans)
                .gauges(all -> all.observe(new TelemetryNumbers(received, clients::memory)))
                .offers(ClientTelemetry.class, clients));
    }

    /** The senders to the operator's collector. */
    private final class Collector {
        private final OtlpSettings otlp;
        private final GenAiMetrics genAi;
        private final PeriodicTasks tasks = new PeriodicTasks("push");
        private final NamedThreads threads = modules.threads("telemetry", Wiring.THREAD_END_MILLIS);

        Collector(OtlpSettings otlp, ModelNames models) {
            this.otlp = otlp;
            genAi = new GenAiMetrics(models, otlp.bothNames());
            modules.add(Module.named("the thread of the push").stops(() -> tasks.awaitEnd(Wiring.THREAD_END_MILLIS)))
                    .add(Module.named("metrics of generative AI").stops(genAi::close));
        }

        Optional<TelemetryRelay> add(Metrics metrics) {
            var push = new MetricsPush(
                    otlp,
                    List.of(metrics.registry(), genAi.registry()),
                    UUID.randomUUID().toString(),
                    InstantSource.system(),
                    threads);
            modules.add(Module.named("tasks of telemetry")
                    .starts(() -> tasks.nowAndEvery(PUSH_MILLIS, push::push))
                    .stops(tasks::close)
                    .observer(genAi));
            var relay = otlp.relay().isEmpty()
                    ? Optional.<TelemetryRelay>empty()
                    : Optional.of(new TelemetryRelay(
                            otlp, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
            relay.ifPresent(this::add);
            modules.add(Module.named("the push of metrics").stops(push::close));
            return relay;
        }

        private void add(TelemetryRelay relay) {
            var dropped = new HashMap<String, LongSupplier>();
            for (var why : TelemetryRelay.Drop.values()) {
                dropped.put(why.word(), () -> relay.dropped(why));
            }
            modules.add(Module.named("the relay of telemetry")
                    .starts(relay::start)
                    .stops(relay::close)
                    .gauges(all -> all.observe(
                            new TelemetryNumbers.Relay(relay::relayed, dropped, relay::waiting, relay::waitingBytes))));
        }
    }

    /** Registers the numbers of all modules, and shows them as MBeans too. */
    void show(GatewayMXBean numbers, Supplier<List<CredentialState>> states, String contextPath) {
        metrics.observe(numbers, states, System::nanoTime);
        modules.register(metrics);
        var registered = GatewayMBeanServer.register(numbers, contextPath);
        beans = registered;
        metrics.showAsBeans(registered.application());
    }

    private void closeBeans() {
        var registered = beans;
        if (registered != null) {
            registered.close();
        }
    }
}
