package dev.warder;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.AdminThreads;
import dev.warder.admin.BearerGuard;
import dev.warder.admin.GatewayMBeanServer;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.admin.page.Snapshot;
import dev.warder.admin.page.Snapshot.NodeNumbers;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.TextFile;
import dev.warder.credential.CredentialCheckup;
import dev.warder.credential.CredentialState;
import dev.warder.credential.ManagedSettings;
import dev.warder.edit.ModelListRefresh;
import dev.warder.edit.ModelSettings;
import dev.warder.edit.PromptSettings;
import dev.warder.health.DatabaseCheck;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.http.SmallBodies;
import dev.warder.ledger.Ledger;
import dev.warder.observe.ClientTelemetry;
import dev.warder.observe.GenAiMetrics;
import dev.warder.observe.MetricName;
import dev.warder.observe.Metrics;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.observe.MetricsPush;
import dev.warder.observe.MetricsSettings;
import dev.warder.observe.OtlpSettings;
import dev.warder.observe.OtlpSettings.Signal;
import dev.warder.observe.TelemetryRelay;
import dev.warder.openai.ServedModels;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.quota.Budgets;
import dev.warder.record.AccessLog;
import dev.warder.record.LogSettings;
import dev.warder.record.QuietLog;
import dev.warder.stream.MessageReader.EventLimit;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.OutputRate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The running application: the list of its modules. It starts from top to bottom, and stops from bottom to top; the parts
 * themselves are created on the way, those of the ledger's journal with their threads. One thread at a time.
 */
final class Gateway implements AutoCloseable {
    private static final long DATABASE_MILLIS = 5000;
    private static final long THROTTLE_MILLIS = 100;
    private static final long MODELS_MILLIS = 250;

    private final Wiring.Deployment deployment;
    private final GatewaySettings settings;
    private final Modules modules = new Modules();
    private final Schedule schedule = new Schedule();
    private @Nullable QuietLog quiet;

    /** If a part cannot be created, those before it are closed. */
    Gateway(Wiring.Deployment deployment) {
        this.deployment = deployment;
        settings = deployment.settings();
        EnforcingBudgets.require(
                settings.policy(),
                deployment.database().isPresent(),
                settings.database().folder().isPresent());
        try {
            addAll();
        } catch (RuntimeException | Error unusable) {
            // No caller has the parts yet.
            modules.stop();
            throw unusable;
        }
    }

    private void addAll() {
        var refusals = new RecentRefusals(InstantSource.system());
        modules.add(Module.named("the changed log level")
                        .stops(this::restoreLog)
                        .observer(new AccessLog(settings.log().format()))
                        .observer(refusals))
                .add(Module.named("the remaining threads of periodic tasks").stops(schedule::awaitEnd))
                .add(settingsOfFilters());
        var wiring = new Wiring(deployment, modules, schedule, modules.threads("ledger", Wiring.THREAD_END_MILLIS));
        var upstreamThreads = modules.threads("upstream", Wiring.THREAD_END_MILLIS);
        var clientThreads = modules.threads("client", Wiring.THREAD_END_MILLIS);
        var telemetry = new Telemetry(wiring);
        var credentials = new Credentials(wiring);
        var client = new UpstreamClient(
                settings.upstream().url(),
                settings.proxy().timeouts().connect(),
                settings.upstream().http2(),
                settings.upstream().outbound(),
                upstreamThreads,
                System::nanoTime);
        var checkup = new CredentialCheckup(settings.upstream(), client.origin(), System::nanoTime);
        modules.add(upstream(client, checkup))
                .add(Module.named("periodic tasks").stops(schedule::close));
        var access = new AccessModules(wiring);
        var models = new ServedModels(settings.openAi(), settings.models());
        var rate = Attributes.find(deployment.application(), OutputRate.class).orElse(OutputRate.DEFAULT);
        var account = new AccountModules(wiring, new AssumedModels(rate, models::longestPrompt));
        modules.add(access.module());
        account.addReaders();
        modules.add(models(models, account, credentials, client));
        var readiness = new ReadinessChecks(settings, credentials, account).with(database());
        var exchanging = new ExchangeModules(wiring, clientThreads, client, readiness);
        modules.add(signIns());
        modules.add(Module.named("the overview")
                .offers(
                        Dashboard.class,
                        overview(exchanging, readiness, credentials, account.ledger, access.threads, refusals)));
        exchanging.complete(access, checkup, rate);
        telemetry.show(
                exchanging, credentials.pool::states, deployment.application().getContextPath());
    }

    private Module settingsOfFilters() {
        return Module.named("settings")
                .offers(ClientSettings.class, settings.clients())
                .offers(ManagedSettings.class, settings.managed())
                .offers(Routing.class, new Routing(settings.openAi().enabled()))
                .offers(
                        EventLimit.class,
                        new EventLimit(settings.proxy().limits().event()))
                .offers(PromptSettings.class, settings.prompt())
                .offers(ModelSettings.class, settings.models())
                .offers(AdminSettings.class, settings.admin())
                .offers(MetricsSettings.class, settings.metrics())
                .offers(SmallBodies.class, new SmallBodies(Runtime.getRuntime().maxMemory()));
    }

    private Module upstream(UpstreamClient client, CredentialCheckup checkup) {
        return Module.named("upstream connections")
                .starts(() -> {
                    client.start();
                    schedule.timer.every(Schedule.sweepMillis(settings.proxy()), () -> {
                        client.tidy();
                        checkup.tick();
                    });
                })
                .stops(client::close);
    }

    private Module models(ServedModels models, AccountModules account, Credentials credentials, UpstreamClient client) {
        var module = Module.named("models").offers(ServedModels.class, models);
        boolean used = settings.openAi().enabled() || account.budgets.isPresent();
        if (used && !credentials.pool.isEmpty()) {
            var refresh = new ModelListRefresh(
                    models::update, credentials.pool, settings.upstream(), client.origin(), System::nanoTime);
            // On the thread for files: a large list of models would delay the timer's frequent tasks.
            module.starts(() -> schedule.files.nowAndEvery(MODELS_MILLIS, refresh::tick));
        }
        return module;
    }

    private Optional<DatabaseCheck> database() {
        var check = deployment.database().map(source -> new DatabaseCheck(source::getConnection, System::nanoTime));
        check.ifPresent(each -> modules.add(Module.named("the check of the database")
                .starts(() -> schedule.database.nowAndEvery(Schedule.lookMillis(DATABASE_MILLIS), each::ask))));
        return check;
    }

    private Module signIns() {
        var throttle = new TokenThrottle(System::nanoTime, "admin.token");
        var metrics = new TokenThrottle(System::nanoTime, "metrics.token or admin.token");
        return Module.named("delayed sign-ins")
                .starts(() -> {
                    schedule.timer.every(THROTTLE_MILLIS, throttle::tick);
                    schedule.timer.every(THROTTLE_MILLIS, metrics::tick);
                })
                .stops(() -> {
                    throttle.close();
                    metrics.close();
                })
                .offers(TokenThrottle.class, throttle)
                .offers(BearerGuard.class, new BearerGuard(metrics));
    }

    /** The content of the page {@code /admin/}. */
    private Dashboard overview(
            GatewayMXBean numbers,
            Readiness readiness,
            Credentials credentials,
            Optional<Ledger> ledger,
            AdminThreads threads,
            RecentRefusals refusals) {
        var url = settings.upstream().url();
        var facts = new Snapshot.NodeFacts(
                TextFile.version(),
                String.valueOf(deployment.application().getServerInfo()),
                url.getScheme() + "://" + url.getRawAuthority(),
                InstantSource.system().instant(),
                deployment.warnings());
        return new Dashboard(
                ledger,
                threads::shared,
                () -> new Snapshot.Node(
                        facts,
                        numbers(numbers, readiness),
                        credentials.pool.states(),
                        refusals.all(),
                        refusals.unknown()),
                InstantSource.system());
    }

    private NodeNumbers numbers(GatewayMXBean numbers, Readiness readiness) {
        var version = settings.policy().policy().map(live -> live.current().version());
        return new NodeNumbers(
                new NodeNumbers.Use(numbers.getOpenExchanges(), numbers.getOpenExchangesLimit()),
                numbers.getUpstreamConnectionsLeased(),
                numbers.getUpstreamConnectionsIdle(),
                new NodeNumbers.Use(numbers.getCollectedBytes(), numbers.getCollectedBytesLimit()),
                numbers.getRequestsWaitingForMemory(),
                version.map(OptionalLong::of).orElse(OptionalLong.empty()),
                problems(readiness));
    }

    private static List<String> problems(Readiness readiness) {
        var problems = new ArrayList<String>();
        if (readiness.draining()) {
            problems.add("this node drains: it accepts no new requests");
        }
        readiness.missingClients().ifPresent(problems::add);
        readiness.missingCredential().ifPresent(problems::add);
        readiness
                .checks()
                .forEach(check -> check.cause().get().ifPresent(cause -> problems.add(check.name() + ": " + cause)));
        return problems;
    }

    /** Starts the modules. If it throws anything, some may run: the caller closes the gateway. */
    void start() {
        modules.start(deployment.application());
        // Last: other applications may use the same logger, and a start that fails must not leave its level changed.
        quiet = settings.log().level() == LogSettings.Level.QUIET ? new QuietLog() : null;
    }

    /**
     * Refuses new requests, waits up to 5 s for threads inside the filters, ends open exchanges with an error event and waits
     * up to 5 s until each has ended; only then are connections and threads closed. An operator who wants streams to end by
     * themselves drains first. A part that cannot be closed is logged, and the others are closed all the same.
     */
    @Override
    public void close() {
        modules.stop();
    }

    private void restoreLog() {
        var changed = quiet;
        if (changed != null) {
            changed.close();
            quiet = null;
        }
    }

    /** The conditions for serving requests. */
    private record ReadinessChecks(GatewaySettings settings, Credentials credentials, AccountModules account) {
        Readiness with(Optional<DatabaseCheck> database) {
            var ofDatabase = database.map(check -> new Readiness.Check("database", check::cause, this::needsDatabase));
            // Never needed: rows wait, or are lost and counted, and the node serves.
            var ofLedger = account.ledger.map(each -> new Readiness.Check("ledger", each::cause, () -> false));
            // A file that cannot be used stops nothing: the policy that was read before stays in use.
            var ofPolicy = settings.policy()
                    .policy()
                    .map(live ->
                            new Readiness.Check("policy", () -> outdated(live).or(this::stale), () -> outdated(live)
                                    .isPresent()));
            var ofBudgets = account.budgets.map(
                    each -> new Readiness.Check("budgets", () -> away(each), each::isWaitingForDatabase));
            var checks = Stream.of(ofDatabase, ofLedger, ofPolicy, ofBudgets)
                    .flatMap(Optional::stream)
                    .toList();
            return new Readiness(missingClients(), missingCredential(), checks);
        }

        private static Optional<String> away(Budgets budgets) {
            if (budgets.isWaitingForDatabase()) {
                return Optional.of("the budgets of the policy have not been read from the database yet");
            }
            return budgets.isDatabaseAway()
                    ? Optional.of("the database of the budgets cannot be used")
                    : Optional.empty();
        }

        private static Optional<String> outdated(LivePolicy live) {
            if (live.awaitsDatabase()) {
                return Optional.of("the clients of the database have not been read yet");
            }
            return live.awaitsComparison()
                    ? Optional.of(
                            "policy.file has not been compared with the version of other nodes and earlier starts yet")
                    : live.supersededBy().map(elsewhere -> outdated(live.version(), elsewhere));
        }

        private static String outdated(Policy.Version own, Policy.Version elsewhere) {
            String both = own.differsFrom(elsewhere)
                    ? "version " + own.number() + " of policy.file was used before with other contents"
                    : "policy.file has version " + own.number() + ", and version " + elsewhere.number()
                            + " was used before";
            return both + ", on another node or by an earlier start of this one";
        }

        /** Without the problems themselves, which name clients: any of them can read this. */
        private Optional<String> stale() {
            return settings.policy().isStale()
                    ? Optional.of(
                            "policy.file has changed and cannot be used now; an earlier version stays in use, and the log"
                                    + " has the problems")
                    : Optional.empty();
        }

        /** Whether no request can be served without the database, because it keeps the only login. */
        private boolean needsDatabase() {
            return settings.keepsLoginInDatabase()
                    && !settings.managed().passthrough()
                    && !credentials.usableWithoutStore();
        }

        private Optional<String> missingClients() {
            return settings.clients().configured()
                    ? Optional.empty()
                    : Optional.of("none of clients.token, clients.file, auth.certificate and policy.database is set");
        }

        private Optional<String> missingCredential() {
            boolean none = settings.managed().credentials().isEmpty()
                    && !settings.managed().passthrough();
            return none ? Optional.of("upstream.credentials is not set, and passthrough is off") : Optional.empty();
        }
    }

    /** The metrics, the telemetry of clients, and what sends both to the operator's collector. One thread at a time. */
    static final class Telemetry {
        private static final long PUSH_MILLIS = 60_000;

        private final Modules modules;
        private final Metrics metrics;
        private @Nullable GatewayMBeanServer beans;

        Telemetry(Wiring wiring) {
            modules = wiring.modules();
            var settings = wiring.settings();
            var models = new ModelNames(settings.prices().book());
            metrics = new Metrics(settings.managed().names(), settings.metrics().clients(), models);
            modules.add(Module.named("metrics")
                    .stops(metrics::close)
                    .offers(Metrics.class, metrics)
                    .observer(metrics));
            var outbound = settings.upstream().outbound();
            var relay = settings.otlp().flatMap(otlp -> addCollector(otlp, outbound, models));
            var clients = new ClientTelemetry(Runtime.getRuntime().maxMemory(), relay);
            modules.add(Module.named("MBeans")
                    .stops(this::closeBeans)
                    .gauges(all -> {
                        for (var signal : Signal.values()) {
                            all.observe(MetricName.TELEMETRY_RECEIVED, signal.word(), () -> clients.received(signal));
                        }
                        all.observe(MetricName.TELEMETRY_MEMORY, clients::memory);
                    })
                    .offers(ClientTelemetry.class, clients));
        }

        /** Adds the senders to the operator's collector, and returns that of clients' telemetry. */
        private Optional<TelemetryRelay> addCollector(OtlpSettings otlp, Outbound outbound, ModelNames models) {
            var threads = modules.threads("telemetry", Wiring.THREAD_END_MILLIS);
            var tasks = new Schedule.PeriodicTasks("push");
            var genAi = new GenAiMetrics(models, otlp.bothNames());
            var push = new MetricsPush(
                    otlp,
                    List.of(metrics.registry(), genAi.registry()),
                    UUID.randomUUID().toString(),
                    InstantSource.system(),
                    outbound,
                    threads);
            modules.add(Module.named("the thread of the push").stops(() -> tasks.awaitEnd(Wiring.THREAD_END_MILLIS)))
                    .add(Module.named("metrics of generative AI")
                            .stops(genAi::close)
                            .observer(genAi))
                    .add(Module.named("tasks of telemetry")
                            .starts(() -> tasks.nowAndEvery(PUSH_MILLIS, push::push))
                            .stops(tasks::close));
            Optional<TelemetryRelay> relay = otlp.relay().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TelemetryRelay(
                            otlp, outbound, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
            relay.ifPresent(this::add);
            modules.add(Module.named("the push of metrics").stops(push::close));
            return relay;
        }

        private void add(TelemetryRelay relay) {
            modules.add(Module.named("the relay of telemetry")
                    .starts(relay::start)
                    .stops(relay::close)
                    .gauges(all -> {
                        for (var why : TelemetryRelay.Drop.values()) {
                            all.observe(MetricName.TELEMETRY_DROPPED, why.word(), () -> relay.dropped(why));
                        }
                        all.observe(MetricName.TELEMETRY_RELAYED, relay::relayed)
                                .observe(MetricName.TELEMETRY_QUEUED, relay::waiting)
                                .observe(MetricName.TELEMETRY_QUEUE, relay::waitingBytes);
                    }));
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
}
