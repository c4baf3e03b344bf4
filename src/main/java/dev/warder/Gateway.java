package dev.warder;

import dev.warder.admin.AdminContext;
import dev.warder.admin.AdminServlet;
import dev.warder.admin.BearerGuard;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.OrganizationFilter;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.admin.page.Snapshot;
import dev.warder.admin.page.Snapshot.NodeNumbers;
import dev.warder.auth.AdmissionChecks;
import dev.warder.auth.ClientAuthFilter;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.TextFile;
import dev.warder.credential.CredentialCheckup;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialResolutionFilter;
import dev.warder.credential.CredentialResolutionFilter.CredentialRule;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.edit.ModelAliasFilter;
import dev.warder.edit.ModelListRefresh;
import dev.warder.edit.PromptInjectionFilter;
import dev.warder.exchange.ProxyContext;
import dev.warder.exchange.ProxyServlet;
import dev.warder.health.DatabaseCheck;
import dev.warder.health.HealthServlet;
import dev.warder.health.HelloServlet;
import dev.warder.http.Application;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorPageServlet;
import dev.warder.http.Readiness;
import dev.warder.http.RequestTools;
import dev.warder.http.Routing;
import dev.warder.http.SmallBodies;
import dev.warder.ledger.Ledger;
import dev.warder.observe.ClientTelemetry;
import dev.warder.observe.GenAiMetrics;
import dev.warder.observe.MetricName;
import dev.warder.observe.Metrics;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.observe.MetricsPush;
import dev.warder.observe.MetricsServlet;
import dev.warder.observe.OtlpSettings;
import dev.warder.observe.OtlpSettings.Signal;
import dev.warder.observe.TelemetryRelay;
import dev.warder.observe.TelemetryServlet;
import dev.warder.openai.OpenAiFilter;
import dev.warder.openai.ServedModels;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.quota.Bounds.AssumedModels;
import dev.warder.quota.Budgets;
import dev.warder.record.AccessLog;
import dev.warder.record.LogSettings;
import dev.warder.record.QuietLog;
import dev.warder.record.RequestObservers;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.OutputRate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The running application: the list of its modules. It starts from top to bottom, and stops from bottom to top; the parts
 * themselves are created on the way, those of the ledger's journal with their threads. One thread at a time creates and starts
 * it; filters and servlets join it on any thread.
 */
final class Gateway implements Application {
    private static final long DATABASE_MILLIS = 5000;
    private static final long THROTTLE_MILLIS = 100;
    private static final long MODELS_MILLIS = 250;

    private final Wiring.Deployment deployment;
    private final GatewaySettings settings;
    private final Modules modules;
    private final Schedule schedule = new Schedule();
    private @Nullable QuietLog quiet;

    /** The origins that requests go to, for people. */
    final String upstreams;

    // Parts that filters and servlets get.
    private final Telemetry telemetry;
    private final Credentials credentials;
    private final AccessModules access;
    private final ServedModels models;
    private final Readiness readiness;
    private final ExchangeModules exchanging;
    private final TokenThrottle adminTokens = new TokenThrottle(System::nanoTime, "admin.token");
    private final TokenThrottle metricsTokens = new TokenThrottle(System::nanoTime, "metrics.token or admin.token");
    private final AdminContext admin;
    private final ProxyContext context;
    private final RequestObservers observers;

    /**
     * Creates all parts.
     *
     * @param modules receives each part as soon as it exists: if a later one cannot be created, the caller stops those before
     */
    Gateway(Wiring.Deployment deployment, Modules modules) {
        this.deployment = deployment;
        this.modules = modules;
        settings = deployment.settings();
        EnforcingBudgets.require(
                settings.policy(),
                deployment.database().isPresent(),
                settings.database().folder().isPresent());
        var refusals = new RecentRefusals(InstantSource.system());
        modules.observers.addAll(List.of(new AccessLog(settings.log().format()), refusals));
        modules.add("the changed log level", this::restoreLog);
        modules.add("the remaining threads of periodic tasks", schedule::awaitEnd);
        var wiring = new Wiring(deployment, modules, schedule, modules.threads("ledger"));
        var upstreamThreads = modules.threads("upstream");
        var clientThreads = modules.threads("client");
        var client = new UpstreamClient(
                settings.upstream().url(),
                settings.proxy().timeouts().connect(),
                settings.upstream().http2(),
                settings.upstream().outbound(),
                upstreamThreads,
                System::nanoTime);
        var checkup = new CredentialCheckup(System::nanoTime);
        modules.add("upstream connections", () -> start(client, checkup), client::close);
        credentials = new Credentials(wiring, client);
        upstreams = credentials.upstreams(settings.managed().passthrough());
        telemetry = new Telemetry(
                wiring,
                credentials.pool.sources().stream()
                        .map(CredentialSource::name)
                        .collect(Collectors.toUnmodifiableSet()));
        modules.add("periodic tasks", schedule::close);
        access = new AccessModules(wiring, telemetry.metrics);
        models = new ServedModels(settings.openAi(), settings.models());
        var rate = Attributes.find(deployment.application(), OutputRate.class).orElse(OutputRate.DEFAULT);
        var account = new AccountModules(wiring, telemetry.metrics, new AssumedModels(rate, models::longestPrompt));
        access.add();
        var accounts = account.addReaders();
        refreshModels(account, credentials.pool);
        readiness = new ReadinessChecks(settings, credentials, account).with(database());
        exchanging = new ExchangeModules(wiring, clientThreads, client, readiness);
        modules.add("delayed sign-ins", this::startSignIns, this::closeSignIns);
        admin = new AdminContext(
                new AdminContext.Access(
                        settings.admin(),
                        access.clients,
                        adminTokens,
                        access.threads,
                        new SmallBodies(Runtime.getRuntime().maxMemory())),
                accounts,
                access.administration,
                credentials.views,
                exchanging,
                overview(account.ledger, refusals),
                InstantSource.system());
        context = exchanging.complete(access, credentials.api, checkup, rate);
        observers = new RequestObservers(
                modules.observersAtOnce,
                modules.observers,
                exchanging.observers,
                settings.log().isVerbose());
        telemetry.show(
                exchanging, credentials.pool::states, deployment.application().getContextPath());
    }

    private void start(UpstreamClient client, CredentialCheckup checkup) {
        client.start();
        schedule.timer.every(Schedule.sweepMillis(settings.proxy()), () -> {
            client.tidy();
            checkup.tick();
        });
    }

    private void refreshModels(AccountModules account, CredentialPool pool) {
        boolean used = settings.openAi().enabled() || account.budgets.isPresent();
        if (used && !pool.isEmpty()) {
            var refresh = new ModelListRefresh(models::update, pool, System::nanoTime);
            // On the thread for files: a large list of models would delay the timer's frequent tasks.
            modules.add("models", () -> schedule.files.nowAndEvery(MODELS_MILLIS, refresh::tick), () -> {});
        }
    }

    private Optional<DatabaseCheck> database() {
        var check = deployment.database().map(source -> new DatabaseCheck(source::getConnection, System::nanoTime));
        check.ifPresent(each -> modules.add(
                "the check of the database",
                () -> schedule.database.nowAndEvery(Schedule.lookMillis(DATABASE_MILLIS), each::ask),
                () -> {}));
        return check;
    }

    private void startSignIns() {
        schedule.timer.every(THROTTLE_MILLIS, adminTokens::tick);
        schedule.timer.every(THROTTLE_MILLIS, metricsTokens::tick);
    }

    private void closeSignIns() {
        adminTokens.close();
        metricsTokens.close();
    }

    /** The content of the page {@code /admin/}. */
    private Dashboard overview(Optional<Ledger> ledger, RecentRefusals refusals) {
        var facts = new Snapshot.NodeFacts(
                TextFile.version(),
                String.valueOf(deployment.application().getServerInfo()),
                upstreams,
                InstantSource.system().instant(),
                deployment.warnings());
        return new Dashboard(
                ledger,
                access.threads::shared,
                () -> new Snapshot.Node(
                        facts, numbers(), credentials.pool.states(), refusals.all(), refusals.unknown()),
                InstantSource.system());
    }

    private NodeNumbers numbers() {
        var version = settings.policy().policy().map(live -> live.current().version());
        return new NodeNumbers(
                new NodeNumbers.Use(exchanging.getOpenExchanges(), exchanging.getOpenExchangesLimit()),
                exchanging.getUpstreamConnectionsLeased(),
                exchanging.getUpstreamConnectionsIdle(),
                new NodeNumbers.Use(exchanging.getCollectedBytes(), exchanging.getCollectedBytesLimit()),
                exchanging.getRequestsWaitingForMemory(),
                version.map(OptionalLong::of).orElse(OptionalLong.empty()),
                problems());
    }

    private List<String> problems() {
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

    /** Starts the modules. If it throws anything, some may run: the caller stops them. */
    void start() {
        Attributes.put(deployment.application(), Application.class, this);
        // For the program of java -jar.
        Attributes.put(deployment.application(), GatewayMXBean.class, exchanging);
        modules.start();
        // Last: other applications may use the same logger, and a start that fails must not leave its level changed.
        quiet = settings.log().level() == LogSettings.Level.QUIET ? new QuietLog() : null;
    }

    /** The filters in the order of {@code web.xml}, and then the servlets. */
    @Override
    public void join(Object joining) {
        if (joining instanceof ClientAuthFilter filter) {
            var routing = new Routing(settings.openAi().enabled());
            var checks = new AdmissionChecks(routing, settings.clients(), access.clients, readiness);
            filter.use(new ClientAuthFilter.Parts(checks, observers));
        } else if (joining instanceof OrganizationFilter filter) {
            filter.use(admin);
        } else if (joining instanceof OpenAiFilter filter) {
            filter.use(new OpenAiFilter.Parts(models, settings.proxy().limits().event()));
        } else if (joining instanceof ModelAliasFilter filter) {
            filter.use(settings.models());
        } else if (joining instanceof CredentialResolutionFilter filter) {
            filter.use(new CredentialRule(settings.managed().passthrough(), credentials.pool));
        } else if (joining instanceof PromptInjectionFilter filter) {
            filter.use(settings.prompt());
        } else if (joining instanceof ProxyServlet servlet) {
            servlet.use(context);
        } else if (joining instanceof HealthServlet servlet) {
            var details = new HealthServlet.DetailRule(
                    settings.admin(),
                    adminTokens,
                    access.clients,
                    settings.clients().header());
            servlet.use(new HealthServlet.Parts(
                    readiness,
                    exchanging,
                    credentials.views.states(),
                    settings.managed().passthrough(),
                    details));
        } else if (joining instanceof HelloServlet servlet) {
            servlet.use(settings.admin());
        } else if (joining instanceof AdminServlet servlet) {
            servlet.use(admin);
        } else if (joining instanceof MetricsServlet servlet) {
            var accepted = Stream.of(
                            settings.metrics().token(), settings.admin().token())
                    .flatMap(Optional::stream)
                    .toList();
            var guard = new BearerGuard(metricsTokens, accepted);
            servlet.use(new MetricsServlet.Parts(telemetry.metrics, settings.metrics(), guard));
        } else if (joining instanceof TelemetryServlet servlet) {
            servlet.use(telemetry.clients);
        } else if (joining instanceof ErrorPageServlet servlet) {
            servlet.use(readiness);
        } else {
            throw new IllegalArgumentException("no parts for " + joining.getClass());
        }
    }

    @Override
    public RequestTools tools() {
        return exchanging.tools;
    }

    @Override
    public void takeDown() {
        readiness.takeDown();
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
            boolean none = credentials.pool.isEmpty() && !settings.managed().passthrough();
            return none ? Optional.of("upstream.credentials is not set, and passthrough is off") : Optional.empty();
        }
    }

    /** The metrics, the telemetry of clients, and what sends both to the operator's collector. One thread at a time. */
    static final class Telemetry {
        private static final long PUSH_MILLIS = 60_000;

        private final Modules modules;
        private final Metrics metrics;
        private final ClientTelemetry clients;

        Telemetry(Wiring wiring, Set<String> credentials) {
            modules = wiring.modules();
            var settings = wiring.settings();
            var models = new ModelNames(settings.prices().book());
            metrics = new Metrics(credentials, settings.metrics().clients(), models);
            modules.add("metrics", metrics::close);
            modules.observers.add(metrics);
            var outbound = settings.upstream().outbound();
            var relay = settings.otlp().flatMap(otlp -> addCollector(otlp, outbound, models));
            clients = new ClientTelemetry(Runtime.getRuntime().maxMemory(), relay);
            for (var signal : Signal.values()) {
                metrics.observe(MetricName.TELEMETRY_RECEIVED, signal.word(), () -> clients.received(signal));
            }
            metrics.observe(MetricName.TELEMETRY_MEMORY, clients::memory);
        }

        /** Adds the senders to the operator's collector, and returns that of clients' telemetry. */
        private Optional<TelemetryRelay> addCollector(OtlpSettings otlp, Outbound outbound, ModelNames models) {
            var threads = modules.threads("telemetry");
            var tasks = new Schedule.PeriodicTasks("push");
            var genAi = new GenAiMetrics(models, otlp.bothNames());
            var push = new MetricsPush(
                    otlp,
                    List.of(metrics.registry(), genAi.registry()),
                    UUID.randomUUID().toString(),
                    InstantSource.system(),
                    outbound,
                    threads);
            modules.add("the thread of the push", () -> tasks.awaitEnd(Schedule.THREAD_END_MILLIS));
            modules.add("metrics of generative AI", genAi::close);
            modules.observers.add(genAi);
            modules.add("tasks of telemetry", () -> tasks.nowAndEvery(PUSH_MILLIS, push::push), tasks::close);
            Optional<TelemetryRelay> relay = otlp.relay().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TelemetryRelay(
                            otlp, outbound, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
            relay.ifPresent(this::add);
            modules.add("the push of metrics", push::close);
            return relay;
        }

        private void add(TelemetryRelay relay) {
            modules.add("the relay of telemetry", relay::start, relay::close);
            for (var why : TelemetryRelay.Drop.values()) {
                metrics.observe(MetricName.TELEMETRY_DROPPED, why.word(), () -> relay.dropped(why));
            }
            metrics.observe(MetricName.TELEMETRY_RELAYED, relay::relayed)
                    .observe(MetricName.TELEMETRY_QUEUED, relay::waiting)
                    .observe(MetricName.TELEMETRY_QUEUE, relay::waitingBytes);
        }

        /** Adds the numbers of the node, and shows all as MBeans too. */
        void show(GatewayMXBean numbers, Supplier<List<CredentialState>> states, String contextPath) {
            metrics.observe(numbers, states, System::nanoTime);
            metrics.showAsBeans(numbers, contextPath);
        }
    }
}
